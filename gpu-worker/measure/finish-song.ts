/** All that is done to a separated song's samples: shape, residual, readings, pictures. Heavy work is on the measuring threads. */
import { join } from 'node:path';
import type { Resampler } from '../../runtime/media/decode.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import { workingChannels } from './conform.ts';
import type { RecordingShape } from './conform.ts';
import type { SubtractionResult } from './measure-files.ts';
import type { MeasureThreads } from './measure-threads.ts';
import type { OnProgress } from './open-wav.ts';
import { resampleStem } from './resample-stem.ts';
import type { StemReadings } from './stem-meter.ts';

export const RESIDUAL = 'residual';

export interface SeparatedStem {
  readonly name: string;
  readonly pcm: PcmBlob;
  /** Local file with its samples; not changed. */
  readonly path: string;
}

export interface SongToFinish {
  readonly recording: RecordingShape;
  readonly recordingPath: string;
  readonly stems: readonly SeparatedStem[];
  /** Where new files go; the caller deletes it. */
  readonly folder: string;
}

export interface FinishTools {
  readonly threads: MeasureThreads;
  readonly media: MediaTools;
  /** Null where all stems have the recording's rate. */
  readonly resampler: Resampler | null;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface SongPart {
  readonly name: string;
  /** The new file; null where the separator's own fits as it is. */
  readonly path: string | null;
  readonly readings: StemReadings;
  /** PNG. */
  readonly picture: Uint8Array;
}

export interface FinishedSong {
  /** In the order of the stems. */
  readonly stems: readonly SongPart[];
  readonly residual: SongPart;
  /** Positive, in dB; null for a silent recording, and where the stems give it exactly. */
  readonly nullDepthDb: number | null;
}

/** True where a stem has another rate than the recording. */
export function needsResampling(stem: PcmBlob, recording: RecordingShape): boolean {
  return stem.rateHz !== recording.rateHz;
}

function fits(stem: PcmBlob, recording: RecordingShape): boolean {
  const hasSameLength = stem.samples === recording.samples && stem.channels === recording.channels;
  return hasSameLength && !needsResampling(stem, recording);
}

/** @throws MediaToolError, MeasureTaskError, the reason of an aborted signal; RangeError for stems of another shape. */
export async function finishSong(song: SongToFinish, tools: FinishTools): Promise<FinishedSong> {
  const share = createShares(tools.onProgress);
  const [conforming, measuring] = [share(0.3), share(0.6)];
  const shaped = await conformStems(song, tools, conforming);
  const { subtraction, readings, paths } = await measureSong(song, shaped, tools, measuring);
  const parts = [...song.stems.map(({ name }) => name), RESIDUAL].map((name, index) => ({
    name,
    path: index < song.stems.length ? (paths[index] as string) : join(song.folder, `${RESIDUAL}.wav`),
    readings: index < song.stems.length ? (readings[index] as StemReadings) : subtraction.residual,
  }));
  const drawn = await settled(
    parts.map(async (part, index): Promise<SongPart> => {
      const { name, path, readings: read } = part;
      const picture = await tools.threads.run(
        'draw',
        {
          name,
          peaks: read.peaks,
          durationSeconds: song.recording.samples / song.recording.rateHz,
          fullScale: subtraction.mixPeak === 0 ? 1 : subtraction.mixPeak,
        },
        { signal: tools.signal },
      );
      return { name, path: path === song.stems[index]?.path ? null : path, readings: read, picture };
    }),
  );
  const { mixEnergy, residualEnergy } = subtraction;
  const isMeasurable = mixEnergy > 0 && residualEnergy > 0;
  return {
    stems: drawn.slice(0, -1),
    residual: drawn.at(-1) as SongPart,
    nullDepthDb: isMeasurable ? 10 * Math.log10(mixEnergy / residualEnergy) : null,
  };
}

/** Paths of the stems' files at the recording's shape. */
async function conformStems(song: SongToFinish, tools: FinishTools, onProgress: OnProgressOf): Promise<string[]> {
  const { recording, folder } = song;
  const { threads, media, resampler, signal } = tools;
  return await settled(
    song.stems.map(async ({ name, pcm, path }, index) => {
      if (pcm.channels !== workingChannels(recording.channels)) {
        throw new RangeError(
          `${name} has ${String(pcm.channels)} channels for a recording of ${String(recording.channels)}`,
        );
      }
      if (fits(pcm, recording)) return path;
      const outPath = join(folder, `${name}.wav`);
      if (needsResampling(pcm, recording)) {
        if (resampler === null) throw new RangeError(`${name} has another rate, and no resampler was chosen`);
        const progress = onProgress(index, song.stems.length);
        await resampleStem(path, outPath, recording, { tools: media, resampler, folder, signal, onProgress: progress });
      } else {
        await threads.run('conform', { wavPath: path, outPath, shape: recording }, { signal });
      }
      return outPath;
    }),
  );
}

async function measureSong(
  { recordingPath, stems, folder }: SongToFinish,
  stemPaths: readonly string[],
  { threads, signal }: FinishTools,
  onProgress: OnProgressOf,
): Promise<{
  readonly subtraction: SubtractionResult;
  readonly readings: readonly StemReadings[];
  readonly paths: readonly string[];
}> {
  const options = (index: number): { signal: AbortSignal; onProgress: OnProgress } => ({
    signal,
    onProgress: onProgress(index, stemPaths.length + 1),
  });
  const task = { mixPath: recordingPath, stemPaths, residualPath: join(folder, `${RESIDUAL}.wav`) };
  // The longest first.
  const subtracting = threads.run(
    'subtract',
    { ...task, changedPaths: stemPaths.map(() => null) },
    options(stemPaths.length),
  );
  const measuring = settled(stemPaths.map((wavPath, index) => threads.run('measure', { wavPath }, options(index))));
  await Promise.allSettled([subtracting, measuring]);
  const subtraction = await subtracting;
  const readings = await measuring;
  const { changedStems } = subtraction;
  if (changedStems.length === 0) return { subtraction, readings, paths: stemPaths };

  // Rare: levels beyond full scale, where stems must give a last bit for the sum to be exact.
  const changedPaths = stems.map(({ name }, index) =>
    changedStems.includes(index) ? join(folder, `${name}-exact.wav`) : null,
  );
  await threads.run('subtract', { ...task, changedPaths }, { signal });
  const again = await settled(
    changedPaths.map(async (wavPath, index) =>
      wavPath === null ? (readings[index] as StemReadings) : await threads.run('measure', { wavPath }, { signal }),
    ),
  );
  const paths = stemPaths.map((path, index) => changedPaths[index] ?? path);
  return { subtraction, readings: again, paths };
}

/** As `Promise.all`, but nothing is still under way when it rejects. */
async function settled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}

/** Takes the progress of one of `count` pieces of a share of the work. */
type OnProgressOf = (index: number, count: number) => OnProgress;

/** Shares of the whole, given out one after the other; what is reported never falls. */
function createShares(onProgress: OnProgress): (size: number) => OnProgressOf {
  let start = 0;
  let most = 0;
  return (size) => {
    const from = start;
    start += size;
    const parts: number[] = [];
    return (index, count) => (fraction) => {
      parts[index] = fraction;
      const done = parts.reduce((sum, part) => sum + (part ?? 0), 0) / count;
      if (from + size * done <= most) return;
      most = from + size * done;
      onProgress(most);
    };
  };
}
