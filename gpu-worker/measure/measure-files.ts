/** The passes over a song's files: measuring a stem, and taking all stems from the recording. Memory does not grow with the song. */
import { createWavWriter } from '../wav/write-wav.ts';
import type { WavWriter } from '../wav/write-wav.ts';
import { blocksOf, BLOCK_SAMPLES, checkShape, openWav } from './open-wav.ts';
import type { OnProgress, OpenWav } from './open-wav.ts';
import { subtractStems } from './residual.ts';
import { createStemMeter } from './stem-meter.ts';
import type { StemReadings } from './stem-meter.ts';

export async function measureFile(path: string, columns: number, onProgress: OnProgress): Promise<StemReadings> {
  await using wav = await openWav(path);
  const meter = createStemMeter(wav.header, columns);
  for await (const { start, count } of blocksOf(wav.header.samples, onProgress)) {
    await wav.read(start, count);
    meter.push(wav.block, count);
  }
  return meter.readings();
}

export interface Subtraction {
  readonly mixPath: string;
  readonly stemPaths: readonly string[];
  readonly residualPath: string;
  /** Where stems go whose samples had to change, by their place in `stemPaths`; the others are not written. */
  readonly changedPaths: readonly (string | null)[];
}

export interface SubtractionResult {
  readonly residual: StemReadings;
  /** Sums of squares over all channels. */
  readonly mixEnergy: number;
  readonly residualEnergy: number;
  /** Largest absolute sample of the recording. */
  readonly mixPeak: number;
  /** Stems whose samples had to change for the sum to be exact. */
  readonly changedStems: readonly number[];
}

/**
 * Writes the residual, and changed stems where `changedPaths` says so.
 *
 * @throws RangeError where the files' shapes differ; BrokenStemError
 */
export async function subtractFiles(
  task: Subtraction,
  columns: number,
  onProgress: OnProgress,
): Promise<SubtractionResult> {
  await using files = new AsyncDisposableStack();
  const mix = files.use(await openWav(task.mixPath));
  const stems: OpenWav[] = [];
  for (const path of task.stemPaths) stems.push(files.use(await openWav(path)));
  for (const { header } of stems) checkShape(header, mix.header);
  const writers: (WavWriter | null)[] = [];
  const writeTo = async (path: string): Promise<WavWriter> => files.use(await createWavWriter(path, mix.header));
  const residualWriter = await writeTo(task.residualPath);
  for (const path of task.changedPaths) writers.push(path === null ? null : await writeTo(path));

  const residual = mix.block.map(() => new Float32Array(BLOCK_SAMPLES));
  const meter = createStemMeter(mix.header, columns);
  const changedStems = new Set<number>();
  let mixEnergy = 0;
  let residualEnergy = 0;
  let mixPeakSquare = 0;
  for await (const { start, count } of blocksOf(mix.header.samples, onProgress)) {
    await Promise.all([mix, ...stems].map((file) => file.read(start, count)));
    mix.block.forEach((channel, index) => {
      const stemChannels = stems.map(({ block }) => block[index] as Float32Array);
      const block = subtractStems(channel, stemChannels, count, residual[index] as Float32Array);
      mixEnergy += block.mixEnergy;
      residualEnergy += block.residualEnergy;
      mixPeakSquare = Math.max(mixPeakSquare, block.mixPeakSquare);
      for (const stem of block.changedStems) changedStems.add(stem);
    });
    const writing = [residualWriter.write(residual, count)];
    writers.forEach(
      (writer, stem) => writer !== null && writing.push(writer.write((stems[stem] as OpenWav).block, count)),
    );
    // The disk works while the meters do.
    const written = Promise.all(writing);
    meter.push(residual, count);
    await written;
  }
  await residualWriter.close();
  for (const writer of writers) await writer?.close();
  return {
    residual: meter.readings(),
    mixEnergy,
    residualEnergy,
    mixPeak: Math.sqrt(mixPeakSquare),
    changedStems: [...changedStems].sort((one, other) => one - other),
  };
}
