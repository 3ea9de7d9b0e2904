import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { bestResampler } from '../../runtime/media/decode.ts';
import type { Resampler } from '../../runtime/media/decode.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';
import type { ComputeActivities } from '../../workflows/contract/compute-activities.ts';
import { refusal } from '../../workflows/contract/failure.ts';
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import type { FinishedStem, FinishedStems } from '../../workflows/contract/stems.ts';
import { finishSong, needsResampling, RESIDUAL } from '../measure/finish-song.ts';
import type { FinishedSong, SongPart } from '../measure/finish-song.ts';
import { bytesOf, findRecord, finishKey, partKey, putRecord } from './finished-record.ts';
import type { FinishedPart, FinishedRecord } from './finished-record.ts';
import { createMeasureProgress, gainTo, STREAMING_LOUDNESS_LUFS } from './measure-work.ts';
import type { MeasureDeps } from './measure-work.ts';
import { withFiles } from './with-files.ts';

export interface FinishStemsDeps extends MeasureDeps {
  readonly tools: MediaTools;
}

type FinishInput = Parameters<ComputeActivities['finishStems']>[0];
type StemInput = FinishInput['stems'][number];

/** The activity. Its files are named by what they are made of: an attempt that finds them all returns at once. */
export function createFinishStems(deps: FinishStemsDeps): ComputeActivities['finishStems'] {
  return async (input) => {
    checkNames(input.stems);
    const progress = createMeasureProgress(deps, input.jobId);
    const folder = await mkdtemp(join(deps.scratchDir, 'finish-'));
    try {
      const resampler = await chooseResampler(deps, input, folder);
      const key = finishKey(input.recording.canonical, input.stems, resampler);
      const record =
        (await findRecord(deps.blobs, key)) ??
        (await makeRecord(deps, input, { key, folder, resampler, onProgress: progress.advance }));
      progress.advance(1);
      return describe(record, input.stems, deps.targetLoudnessLufs ?? STREAMING_LOUDNESS_LUFS);
    } catch (error) {
      throw (error as NodeJS.ErrnoException | null)?.code === 'ENOSPC' ? refusal('no-space') : error;
    } finally {
      await progress.reported();
      await rm(folder, { recursive: true, force: true });
    }
  };
}

function checkNames(stems: readonly StemInput[]): void {
  const names = stems.map(({ name }) => name);
  if (names.includes(RESIDUAL) || new Set(names).size !== names.length) {
    throw new RangeError(`stems need names of their own: ${names.join(', ')}`);
  }
}

/** Null where no stem is resampled. */
async function chooseResampler(
  { tools, log }: FinishStemsDeps,
  { recording, stems }: FinishInput,
  folder: string,
): Promise<Resampler | null> {
  if (!stems.some(({ pcm }) => needsResampling(pcm, recording.canonical))) return null;
  const resampler = await bestResampler(tools, folder);
  if (resampler !== 'soxr') log.warn('this ffmpeg has no soxr; resampling with its own resampler');
  return resampler;
}

interface Making {
  readonly key: string;
  readonly folder: string;
  readonly resampler: Resampler | null;
  readonly onProgress: (fraction: number) => void;
}

async function makeRecord(deps: FinishStemsDeps, input: FinishInput, making: Making): Promise<FinishedRecord> {
  const { blobs, threads, tools: media } = deps;
  const { canonical } = input.recording;
  const { key, folder, resampler, onProgress } = making;
  const { cancellationSignal: signal } = Context.current();
  // The order of a sum decides its last bits, and the key does not know the order that the stems came in.
  const stems = input.stems.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const sources = [canonical.key, ...stems.map(({ pcm }) => pcm.key)];
  return await withFiles(blobs, sources, async ([recordingPath = '', ...paths]) => {
    const separated = stems.map(({ name, pcm }, index) => ({ name, pcm, path: paths[index] as string }));
    const song: FinishedSong = await finishSong(
      { recording: canonical, recordingPath, stems: separated, folder },
      { threads, media, resampler, signal, onProgress },
    );
    const store = async (part: SongPart, pcm: PcmBlob | null): Promise<[string, FinishedPart]> => {
      const { loudnessLufs, peakDbtp } = part.readings;
      const waveform = await blobs.put(partKey(key, `${part.name}.png`), bytesOf(part.picture));
      return [part.name, { pcm: pcm ?? (await putPcm(deps, key, part, canonical)), loudnessLufs, peakDbtp, waveform }];
    };
    const parts: [string, FinishedPart][] = [];
    for (const [index, part] of [...song.stems, song.residual].entries()) {
      parts.push(await store(part, part.path === null ? (stems[index] as StemInput).pcm : null));
    }
    const record: FinishedRecord = { parts: Object.fromEntries(parts), nullDepthDb: song.nullDepthDb };
    await putRecord(blobs, key, record);
    return record;
  });
}

async function putPcm({ blobs }: FinishStemsDeps, key: string, part: SongPart, canonical: PcmBlob): Promise<PcmBlob> {
  const { name, path } = part;
  if (path === null) throw new Error(`${name} has no file of its own`);
  const { rateHz, channels, samples } = canonical;
  return { ...(await blobs.putFile(partKey(key, `${name}.wav`), path, { consume: true })), rateHz, channels, samples };
}

function describe(record: FinishedRecord, stems: readonly StemInput[], targetLufs: number): FinishedStems {
  const stemOf = (name: string): FinishedStem => {
    const part = record.parts[name];
    if (part === undefined) throw new Error(`no ${name} among the finished stems`);
    return { name, ...part, gainDb: gainTo(targetLufs, part) };
  };
  const { nullDepthDb } = record;
  return { stems: stems.map(({ name }) => stemOf(name)), residual: stemOf(RESIDUAL), nullDepthDb };
}
