/** Compiles a Spleeter checkpoint to ONNX: magnitudes of the mix in, magnitudes of each instrument out. */
import { createOnnxGraph } from '../onnx/onnx-graph.ts';
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import { openTensorflowBundle } from '../tensorflow/tensorflow-bundle.ts';
import type { SpleeterVariant } from './spleeter-variant.ts';
import { addUnet } from './unet-graph.ts';
import type { UnetSize } from './unet-graph.ts';
import { readUnetWeights } from './unet-weights.ts';

/** Raised whenever the graphs change, so that compiled files in caches are made anew. */
export const SPLEETER_COMPILER_VERSION = 1;

/** What the published models were trained on: 512 frames of the lowest 1024 bins of an FFT of 4096. */
const PUBLISHED_SIZE: UnetSize = { frames: 512, bins: 1024 };
const CHANNELS = 2;

export interface CompiledGraph {
  /** The instruments in the order of the graph's outputs. */
  readonly instruments: readonly string[];
  readonly bytes: Uint8Array;
}

/**
 * Yields one graph per instrument, `magnitude` [batch, 2, frames, bins] to `estimate` of the same shape; for a variant whose
 * masks depend on each other (`softmax`) one graph of all instruments, whose outputs are named after them. One at a time, as
 * each is as large as its weights.
 * @param prefix the checkpoint's path without `.index`.
 * @throws ModelFileError when the checkpoint is damaged or no such model.
 */
export async function* compileSpleeter(
  prefix: string,
  variant: SpleeterVariant,
  size: UnetSize = PUBLISHED_SIZE,
): AsyncGenerator<CompiledGraph> {
  const { instruments, activation } = variant;
  const dims = ['batch', CHANNELS, size.frames, size.bins];
  const bundle = await openTensorflowBundle(prefix);
  try {
    const addNetwork = async (graph: OnnxGraph, index: number): Promise<string> => {
      const weights = await readUnetWeights(bundle, index, instruments.length);
      return addUnet(graph, 'magnitude', weights, { prefix: `${instruments[index]}_`, activation, size });
    };

    if (variant.mask === 'softmax') {
      const graph = createOnnxGraph('spleeter');
      graph.input('magnitude', dims);
      const logits: string[] = [];
      for (const index of instruments.keys()) logits.push(await addNetwork(graph, index));
      for (const [index, mask] of addSoftmax(graph, logits).entries()) {
        const instrument = instruments[index]!;
        graph.node('Mul', [mask, 'magnitude'], [instrument]);
        graph.output(instrument, dims);
      }
      yield { instruments, bytes: graph.toBytes() };
      return;
    }

    for (const [index, instrument] of instruments.entries()) {
      const graph = createOnnxGraph(`spleeter-${instrument}`);
      graph.input('magnitude', dims);
      const mask = graph.node('Sigmoid', [await addNetwork(graph, index)], 1);
      graph.node('Mul', [mask, 'magnitude'], ['estimate']);
      graph.output('estimate', dims);
      yield { instruments: [instrument], bytes: graph.toBytes() };
    }
  } finally {
    await bundle.close();
  }
}

/** Across the values, not along an axis: a Softmax node would first have to bring all of them into one tensor and turn that around. */
function addSoftmax(graph: OnnxGraph, logits: readonly string[]): readonly string[] {
  const largest = graph.node('Max', logits, 1);
  const powers = logits.map((logit) => graph.node('Exp', [graph.node('Sub', [logit, largest], 1)], 1));
  const sum = graph.node('Sum', powers, 1);
  return powers.map((power) => graph.node('Div', [power, sum], 1));
}
