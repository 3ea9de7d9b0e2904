/**
 * One sound of several stems, on the grid of canonical PCM. Together with what is left of the recording it gives the recording back
 * to the last bit wherever what is left is below 2: both are multiples of 2^-23, and float32 holds all of these below 2.
 */
import { createWavWriter } from '../wav/write-wav.ts';
import { blocksOf, BLOCK_SAMPLES, checkShape, openWav } from './open-wav.ts';
import type { OnProgress, OpenWav } from './open-wav.ts';
import { createStemMeter } from './stem-meter.ts';
import type { StemReadings } from './stem-meter.ts';

const GRID_STEPS = 2 ** 23;

export interface PartsMix {
  readonly mixPath: string;
  readonly partPaths: readonly string[];
  readonly outPath: string;
  /** `sum`: the parts; `rest`: the recording without them. */
  readonly take: 'sum' | 'rest';
}

export interface PartsMixResult {
  readonly readings: StemReadings;
  /** Largest absolute sample of the recording. */
  readonly mixPeak: number;
}

/**
 * Of one channel: the parts' sum in double precision, rounded to the grid; or the recording minus that.
 *
 * @param mix on the grid
 */
export function mixParts(
  mix: Float32Array,
  parts: readonly Float32Array[],
  count: number,
  take: PartsMix['take'],
  out: Float32Array,
): void {
  for (let index = 0; index < count; index++) {
    let sum = 0;
    for (const part of parts) sum += part[index] as number;
    const onGrid = Math.fround(Math.round(sum * GRID_STEPS) / GRID_STEPS);
    out[index] = take === 'sum' ? onGrid : (mix[index] as number) - onGrid;
  }
}

/** @throws RangeError where the files' shapes differ. */
export async function mixPartFiles(task: PartsMix, columns: number, onProgress: OnProgress): Promise<PartsMixResult> {
  await using files = new AsyncDisposableStack();
  const mix = files.use(await openWav(task.mixPath));
  const parts: OpenWav[] = [];
  for (const path of task.partPaths) parts.push(files.use(await openWav(path)));
  for (const { header } of parts) checkShape(header, mix.header);
  const writer = files.use(await createWavWriter(task.outPath, mix.header));
  const out = mix.block.map(() => new Float32Array(BLOCK_SAMPLES));
  const meter = createStemMeter(mix.header, columns);
  let mixPeak = 0;
  for await (const { start, count } of blocksOf(mix.header.samples, onProgress)) {
    await Promise.all([mix, ...parts].map((file) => file.read(start, count)));
    mix.block.forEach((channel, index) => {
      const channels = parts.map(({ block }) => block[index] as Float32Array);
      mixParts(channel, channels, count, task.take, out[index] as Float32Array);
      mixPeak = channel.subarray(0, count).reduce((peak, value) => Math.max(peak, Math.abs(value)), mixPeak);
    });
    const written = writer.write(out, count);
    meter.push(out, count);
    await written;
  }
  await writer.close();
  return { readings: meter.readings(), mixPeak };
}
