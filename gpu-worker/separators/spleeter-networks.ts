// Spleeter's U-Nets, one graph per instrument: the mix's magnitudes in, that instrument's magnitudes out.
import type { SeparatorRuntime } from '../models/separator.ts';
import { openOnnxModel } from './onnx-model.ts';
import type { ModelContract, OnnxModel } from './onnx-model.ts';
import { CHANNELS, NETWORK_BINS, SEGMENT_FRAMES } from './spleeter-spectra.ts';

const SHAPE = [1, CHANNELS, SEGMENT_FRAMES, NETWORK_BINS];
const CONTRACT: ModelContract = {
  inputs: [{ name: 'magnitude', shape: SHAPE }],
  outputs: [{ name: 'estimate', shape: SHAPE }],
};

/** Magnitudes of one segment, [channel, frame, bin]. */
export const SEGMENT_VALUES = CHANNELS * SEGMENT_FRAMES * NETWORK_BINS;

export interface SpleeterNetworks {
  /** @param magnitude {@link SEGMENT_VALUES} numbers @returns as many per instrument, in the order of the files */
  estimate(magnitude: Float32Array): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

/** @param paths one ONNX file per instrument. Thrown `RangeError` for a graph in another contract. */
export async function openSpleeterNetworks(
  paths: readonly string[],
  runtime: SeparatorRuntime,
): Promise<SpleeterNetworks> {
  const models: OnnxModel[] = [];
  for (const path of paths) models.push(await openOnnxModel(path, runtime, [CONTRACT]));
  return {
    async estimate(magnitude) {
      const estimates: Float32Array[] = [];
      for (const model of models) estimates.push(...(await model.run([magnitude])));
      return estimates;
    },
    async close() {
      for (const model of models) await model.close();
    },
  };
}
