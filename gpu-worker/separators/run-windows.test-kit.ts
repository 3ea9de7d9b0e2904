// Runs a separator over a whole song in memory, window after window, in double precision: what the engine does, plainly.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { MixStatistics, Separator, SeparatorRuntime, WindowSpan } from '../models/separator.ts';

export const CPU: SeparatorRuntime = { device: 'cpu', threads: 2 };

export type Stereo = readonly [Float32Array, Float32Array];

/** Writes a network into a temporary folder that goes with the test. */
export async function modelFile(test: TestContext, bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-tiny-model-'));
  test.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'model.onnx');
  await writeFile(path, bytes);
  return path;
}

/** Each slot's two channels. `order` says which windows to compute, and when; all of them by default. */
export async function separateSong(
  separator: Separator,
  mix: Stereo,
  order: (windows: readonly WindowSpan[]) => readonly WindowSpan[] = (windows) => windows,
): Promise<readonly (readonly Float64Array[])[]> {
  const samples = mix[0].length;
  const sums = separator.slots.map(() => mix.map(() => new Float64Array(samples)));
  const weights = new Float64Array(samples);
  const statistics = statisticsOf(mix);
  const session = await separator.open(CPU);
  for (const span of order(separator.windows(samples))) {
    const slots = await session.process(span, cut(mix, span), statistics);
    const weight = separator.weight(span);
    for (let n = span.outputStart; n < span.outputEnd; n++) {
      const at = n - span.outputStart;
      // Without weights contributions already sum to the signal, however often windows overlap.
      weights[n] = weight === null ? 1 : weights[n]! + weight[at]!;
      for (const [slot, channels] of slots.entries()) {
        for (const [channel, values] of channels.entries()) sums[slot]![channel]![n]! += values[at]!;
      }
    }
  }
  await session.close();
  for (const channels of sums) for (const sum of channels) for (let n = 0; n < samples; n++) sum[n]! /= weights[n]!;
  return sums;
}

/** A window's input, zero outside the song. */
export function cut(mix: Stereo, span: WindowSpan): Float32Array[] {
  return mix.map((channel) =>
    Float32Array.from({ length: span.inputEnd - span.inputStart }, (_, n) => channel[span.inputStart + n] ?? 0),
  );
}

export function statisticsOf([left, right]: Stereo): MixStatistics {
  const mono = Float64Array.from(left, (value, n) => (value + right[n]!) / 2);
  const peak = left.reduce((most, value, n) => Math.max(most, Math.abs(value), Math.abs(right[n]!)), 0);
  const meanMono = mono.reduce((sum, value) => sum + value, 0) / mono.length;
  const variance = mono.reduce((sum, value) => sum + (value - meanMono) ** 2, 0) / mono.length;
  return { peak, meanMono, standardDeviationMono: Math.sqrt(variance) };
}

/** Level of `found` above its difference from `wanted`, over all channels, in dB. */
export function snrDb(found: readonly ArrayLike<number>[], wanted: readonly ArrayLike<number>[]): number {
  let [signal, noise] = [0, 0];
  for (const [channel, values] of wanted.entries()) {
    for (let n = 0; n < values.length; n++) {
      signal += values[n]! ** 2;
      noise += (found[channel]![n]! - values[n]!) ** 2;
    }
  }
  if (!(signal > 0)) throw new RangeError('nothing to compare with: the wanted signal is silent');
  return noise === 0 ? Infinity : 10 * Math.log10(signal / noise);
}
