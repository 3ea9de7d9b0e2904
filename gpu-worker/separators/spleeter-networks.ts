// Spleeter's U-Nets: the mix's magnitudes in, each instrument's magnitudes out.
import type { GraphContract } from '../models/onnx/graph-contract.ts';
import type { SeparatorRuntime } from '../models/separator.ts';
import { openOnnxModel } from './onnx-model.ts';
import type { OnnxModel } from './onnx-model.ts';
import { CHANNELS, NETWORK_BINS, SEGMENT_FRAMES } from './spleeter-spectra.ts';

const SHAPE = [1, CHANNELS, SEGMENT_FRAMES, NETWORK_BINS];

/** Magnitudes of one segment, [channel, frame, bin]. */
export const SEGMENT_VALUES = CHANNELS * SEGMENT_FRAMES * NETWORK_BINS;

export interface SpleeterNetworks {
  /** @param magnitude {@link SEGMENT_VALUES} numbers @returns as many per instrument */
  estimate(magnitude: Float32Array): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

/**
 * @param paths one graph per instrument in their order, each with the output `estimate`; or one of all, its outputs named after them
 * Thrown `RangeError` for another number of graphs, or a graph in another contract.
 */
export async function openSpleeterNetworks(
  paths: readonly string[],
  instruments: readonly string[],
  runtime: SeparatorRuntime,
): Promise<SpleeterNetworks> {
  if (paths.length !== 1 && paths.length !== instruments.length) {
    throw new RangeError(
      `${String(instruments.length)} instruments need one graph, or one each, not ${String(paths.length)}`,
    );
  }
  const outputs = paths.length === 1 ? instruments : ['estimate'];
  const contract: GraphContract = {
    inputs: [{ name: 'magnitude', shape: SHAPE }],
    outputs: outputs.map((name) => ({ name, shape: SHAPE })),
  };
  const models: OnnxModel[] = [];
  for (const path of paths) models.push(await openOnnxModel(path, runtime, [contract]));
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
