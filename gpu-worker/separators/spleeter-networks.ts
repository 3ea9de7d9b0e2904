// Spleeter's U-Nets, one per instrument, as ONNX graphs: magnitude [1, 2, 512, 1024] in, that instrument's magnitude out.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { SeparatorRuntime } from '../models/separator.ts';
import { CHANNELS, NETWORK_BINS, SEGMENT_FRAMES } from './spleeter-spectra.ts';

export const SEGMENT_SHAPE = [1, CHANNELS, SEGMENT_FRAMES, NETWORK_BINS] as const;
export const SEGMENT_VALUES = CHANNELS * SEGMENT_FRAMES * NETWORK_BINS;

export interface SpleeterNetworks {
  /** Write the mix's magnitudes here, then call {@link estimate}. */
  readonly magnitude: Float32Array;
  /** One magnitude estimate per instrument, in the order of the files; overwritten by the next call. */
  estimate(): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

/** @param paths one ONNX file per instrument. Thrown `TypeError` for a graph without exactly one input and one output. */
export async function openSpleeterNetworks(
  paths: readonly string[],
  runtime: SeparatorRuntime,
): Promise<SpleeterNetworks> {
  const magnitude = new Float32Array(SEGMENT_VALUES);
  const input = new Tensor('float32', magnitude, SEGMENT_SHAPE);
  const networks: { readonly session: InferenceSession; readonly estimate: Float32Array; run(): Promise<unknown> }[] =
    [];
  for (const path of paths) {
    const session = await InferenceSession.create(path, {
      executionProviders: [runtime.device],
      intraOpNumThreads: runtime.threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
    });
    const [inputName, ...otherInputs] = session.inputNames;
    const [outputName, ...otherOutputs] = session.outputNames;
    if (inputName === undefined || outputName === undefined || otherInputs.length + otherOutputs.length > 0) {
      throw new TypeError(
        `a Spleeter network has one input and one output, not ${session.inputNames.join(', ')} -> ${session.outputNames.join(', ')}`,
      );
    }
    const estimate = new Float32Array(SEGMENT_VALUES);
    const output = new Tensor('float32', estimate, SEGMENT_SHAPE);
    networks.push({ session, estimate, run: () => session.run({ [inputName]: input }, { [outputName]: output }) });
  }
  return {
    magnitude,
    async estimate() {
      for (const network of networks) await network.run();
      return networks.map((network) => network.estimate);
    },
    async close() {
      for (const network of networks) await network.session.release();
    },
  };
}
