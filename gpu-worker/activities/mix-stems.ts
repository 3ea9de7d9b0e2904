import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import type { ComputeActivities } from '../../workflows/contract/compute-activities.ts';
import { refusal, refuse } from '../../workflows/contract/failure.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { bytesOf, findRecord, partKey, putRecord } from './finished-record.ts';
import type { FinishedPart } from './finished-record.ts';
import { createMeasureProgress, gainTo, STREAMING_LOUDNESS_LUFS } from './measure-work.ts';
import type { MeasureDeps, Progress } from './measure-work.ts';
import { withFiles } from './with-files.ts';

/** Raised whenever the code changes any output sample, reading or picture. */
export const MIX_VERSION = 1;

type MixInput = Parameters<ComputeActivities['mixStems']>[0];

/** The activity. Its file is named by what it is made of: an attempt that finds it returns at once. */
export function createMixStems(deps: MeasureDeps): ComputeActivities['mixStems'] {
  return async (input) => {
    const name = mixName(input.pick);
    const parts = partsOf(input);
    const key = mixKey(input, parts, name);
    const progress = createMeasureProgress(deps, input.jobId);
    try {
      const found = (await findRecord(deps.blobs, key))?.parts[name];
      const part = found ?? (await makePart(deps, input, { key, name, parts, progress }));
      progress.advance(1);
      return { name, ...part, gainDb: gainTo(deps.targetLoudnessLufs ?? STREAMING_LOUDNESS_LUFS, part) };
    } catch (error) {
      throw (error as NodeJS.ErrnoException | null)?.code === 'ENOSPC' ? refusal('no-space') : error;
    } finally {
      await progress.reported();
    }
  };
}

/** `vocals+drums`, `minus-vocals`. */
export function mixName({ kind, stems }: MixInput['pick']): string {
  const names = [...new Set(stems)].join('+');
  return kind === 'minus' ? `minus-${names}` : names;
}

/** The named stems, by name: the order of a sum decides its last bits, and nobody should hear in which order he asked. */
function partsOf({ finished, pick }: MixInput): readonly FinishedStem[] {
  const names = [...new Set(pick.stems)].sort();
  return names.map(
    (name) =>
      finished.stems.find((stem) => stem.name === name) ??
      refuse('unknown-stem', { known: finished.stems.map((stem) => stem.name).join(', ') }),
  );
}

function mixKey({ recording, pick }: MixInput, parts: readonly FinishedStem[], name: string): string {
  const hashes = parts.map(({ pcm }) => pcm.sha256);
  return createHash('sha256')
    .update(JSON.stringify(['mix', MIX_VERSION, pick.kind, recording.canonical.sha256, hashes, name]))
    .digest('hex');
}

async function makePart(
  { blobs, threads, scratchDir }: MeasureDeps,
  { recording: { canonical }, pick }: MixInput,
  making: {
    readonly key: string;
    readonly name: string;
    readonly parts: readonly FinishedStem[];
    readonly progress: Progress;
  },
): Promise<FinishedPart> {
  const { key, name, parts, progress } = making;
  const { cancellationSignal: signal } = Context.current();
  const folder = await mkdtemp(join(scratchDir, 'mix-'));
  try {
    const outPath = join(folder, 'mix.wav');
    const { readings, mixPeak } = await withFiles(
      blobs,
      [canonical.key, ...parts.map(({ pcm }) => pcm.key)],
      async ([mixPath = '', ...partPaths]) =>
        await threads.run(
          'mix',
          { mixPath, partPaths, outPath, take: pick.kind === 'want' ? 'sum' : 'rest' },
          { signal, onProgress: progress.advance },
        ),
    );
    const { rateHz, channels, samples } = canonical;
    const picture = await threads.run(
      'draw',
      { name, peaks: readings.peaks, durationSeconds: samples / rateHz, fullScale: mixPeak === 0 ? 1 : mixPeak },
      { signal },
    );
    // Names may hold what keys may not.
    const waveform = await blobs.put(partKey(key, 'mix.png'), bytesOf(picture));
    const pcm = await blobs.putFile(partKey(key, 'mix.wav'), outPath, { consume: true });
    const { loudnessLufs, peakDbtp } = readings;
    const part = { pcm: { ...pcm, rateHz, channels, samples }, loudnessLufs, peakDbtp, waveform };
    await putRecord(blobs, key, { parts: { [name]: part }, nullDepthDb: null });
    return part;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
