/**
 * The player's pack. A browser decodes whole files alone, so a stem becomes many short ones, each a FLAC file of its own that begins and
 * ends on its own sample; it asks for as many at a time as it needs by a range of bytes.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { bestResampler, decodeAudio, resampleAudio } from '../../runtime/media/decode.ts';
import { cutIntoSegments } from '../../runtime/media/segments.ts';
import type { MediaActivities } from '../../workflows/contract/media-activities.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { PackedStem, PlayerPack } from '../../workflows/contract/rendering.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { bytesOf } from '../small-blobs.ts';
import { createWavWriter } from './float-wav.ts';
import type { MediaDependencies } from './media-dependencies.ts';
import { ownAudioFailure } from './media-refusal.ts';
import { createPeaks } from './peaks.ts';
import { withScratchFolder } from './scratch-folder.ts';

/** Long enough to keep requests few, short enough to begin soon. */
const SEGMENT_SECONDS = 4;
const PEAKS = 1500;
/** Rates that every browser's audio takes as they are. */
const PLAYED_RATES_HZ: ReadonlySet<number> = new Set([32_000, 44_100, 48_000]);
/** Of a stem that leaves nothing to hear in 16 bits. */
const INAUDIBLE_DBTP = -80;
const VERSION = 1;

export function createPackPlayer(deps: MediaDependencies): MediaActivities['packPlayer'] {
  return async ({ renderingId, stems }) => {
    const residual = stems.at(-1);
    const heard = stems.filter((stem) => stem !== residual || (stem.peakDbtp ?? -Infinity) > INAUDIBLE_DBTP);
    const [first] = heard;
    if (first === undefined) throw new RangeError('a player needs a stem');
    const packed: Packed[] = [];
    for (const [index, stem] of heard.entries()) {
      const report = async (fraction: number): Promise<void> => {
        heartbeat({ fraction: (index + fraction) / heard.length });
        await deps.reportRendering(renderingId, (index + fraction) / (heard.length + 1));
      };
      packed.push(await packStem(deps, stem, stem === residual, report));
    }
    const rateHz = playedRate(first.pcm.rateHz);
    const pack: PlayerPack = {
      rateHz,
      channels: playedChannels(first),
      samples: Math.min(...packed.map(({ samples }) => samples)),
      segmentSamples: SEGMENT_SECONDS * rateHz,
      stems: packed.map(({ stem }) => stem),
    };
    const blob = await deps.blobs.put(
      `player/manifests/${renderingId}-v${String(VERSION)}.json`,
      bytesOf(JSON.stringify(pack)),
    );
    return { blob, held: [blob, ...packed.flatMap(({ stem, note }) => [stem.blob, note])] };
  };
}

interface Packed {
  readonly stem: PackedStem;
  readonly samples: number;
  /** Where {@link stem} is written down, for whoever packs the same samples again. */
  readonly note: StoredBlob;
}

async function packStem(
  deps: MediaDependencies,
  { name, pcm, loudnessLufs, peakDbtp }: FinishedStem,
  isResidual: boolean,
  report: (fraction: number) => Promise<void>,
): Promise<Packed> {
  const { blobs } = deps;
  const key = `player/${pcm.sha256}`;
  const noteKey = `${key}/note-v${String(VERSION)}.json`;
  const note = await blobs.head(noteKey);
  if (note !== null) {
    const { samples, ...known } = JSON.parse(await textOf(blobs.read(noteKey))) as CutStem;
    if ((await blobs.head(known.blob.key)) !== null) {
      return { stem: { ...known, name, isResidual, loudnessLufs }, samples, note };
    }
  }
  // The true peak is never below the highest sample.
  const scale = Math.max(1, 10 ** ((peakDbtp ?? -Infinity) / 20));
  try {
    return await withScratchFolder(deps.scratchDir, async (cwd) => {
      const cut = await cutStem(deps, { pcm, cwd, scale, key, report });
      const { samples, ...facts } = cut;
      const stem = { name, isResidual, loudnessLufs, ...facts };
      return { stem, samples, note: await blobs.put(noteKey, bytesOf(JSON.stringify(cut))) };
    });
  } catch (error) {
    throw ownAudioFailure(error);
  }
}

type CutStem = Pick<PackedStem, 'blob' | 'offsets' | 'scale' | 'peaks'> & { readonly samples: number };

interface StemCut {
  readonly pcm: FinishedStem['pcm'];
  readonly cwd: string;
  readonly scale: number;
  readonly key: string;
  readonly report: (fraction: number) => Promise<void>;
}

async function cutStem(deps: MediaDependencies, { pcm, cwd, scale, key, report }: StemCut): Promise<CutStem> {
  const { blobs, tools } = deps;
  return await blobs.withFile(pcm.key, async (path) => {
    const { wavPath, samples, rateHz } = await atPlayedRate(deps, pcm, path, cwd);
    const peaks = await peaksOf(deps, { wavPath, samples, rateHz, channels: pcm.channels, cwd });
    const segments = Math.max(1, Math.ceil(samples / (SEGMENT_SECONDS * rateHz)));
    const reports: Promise<void>[] = [];
    const files = await cutIntoSegments(tools, {
      wavPath,
      cwd,
      segmentSeconds: SEGMENT_SECONDS,
      segments,
      channels: pcm.channels === 1 ? 1 : 2,
      gain: 1 / scale,
      signal: cancellationSignal(),
      onDone: (done) => reports.push(report(done / segments)),
    });
    await Promise.all(reports);
    const offsets = [0];
    for (const file of files) offsets.push((offsets.at(-1) ?? 0) + (await stat(file)).size);
    const blob = await blobs.put(`${key}/segments-v${String(VERSION)}.bin`, joined(files));
    return { samples, blob, offsets, scale, peaks };
  });
}

/** A resampler reaches over the edges of what it gets, so it gets the whole stem before anything is cut. */
async function atPlayedRate(
  { tools }: MediaDependencies,
  pcm: FinishedStem['pcm'],
  path: string,
  cwd: string,
): Promise<{ readonly wavPath: string; readonly samples: number; readonly rateHz: number }> {
  const rateHz = playedRate(pcm.rateHz);
  if (rateHz === pcm.rateHz) return { wavPath: path, samples: pcm.samples, rateHz };
  const wavPath = join(cwd, 'played.wav');
  await using writer = await createWavWriter(wavPath, { rateHz, channels: pcm.channels });
  await resampleAudio(tools, path, {
    cwd,
    rateHz,
    resampler: await bestResampler(tools, cwd),
    timeoutMs: 600_000,
    cpuSeconds: 300,
    signal: cancellationSignal(),
    async take(block) {
      heartbeat();
      await writer.write(block);
    },
  });
  return { wavPath, samples: (await writer.finish()).samples, rateHz };
}

interface Wav {
  readonly wavPath: string;
  readonly samples: number;
  readonly rateHz: number;
  readonly channels: number;
  readonly cwd: string;
}

async function peaksOf({ tools }: MediaDependencies, wav: Wav): Promise<string> {
  const { wavPath, samples, rateHz, channels, cwd } = wav;
  const peaks = createPeaks({ samples, channels, parts: PEAKS });
  const input = { path: wavPath, demuxer: 'wav', skipBytes: 0 } as const;
  await decodeAudio(tools, input, {
    cwd,
    streamIndex: 0,
    maxSeconds: Math.ceil(samples / rateHz) + 1,
    timeoutMs: 600_000,
    cpuSeconds: 300,
    signal: cancellationSignal(),
    async take(block) {
      peaks.push(block);
      heartbeat();
      await Promise.resolve();
    },
  });
  return Buffer.from(peaks.read().buffer).toString('base64');
}

function playedRate(rateHz: number): number {
  if (PLAYED_RATES_HZ.has(rateHz)) return rateHz;
  return rateHz % 11_025 === 0 ? 44_100 : 48_000;
}

function playedChannels({ pcm }: FinishedStem): number {
  return pcm.channels === 1 ? 1 : 2;
}

async function* joined(files: readonly string[]): AsyncIterable<Uint8Array> {
  for (const file of files) yield* createReadStream(file) as AsyncIterable<Buffer>;
}

async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
