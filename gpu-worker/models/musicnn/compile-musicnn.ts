/** Compiles musicnn (Pons and Serra: musicnn, pre-trained convolutional neural networks for music audio tagging, ISMIR 2019, late-breaking) to ONNX. */
import { addDense, addScaling } from '../keras/keras-layers.ts';
import { createOnnxGraph } from '../onnx/onnx-graph.ts';
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import { openTensorflowBundle } from '../tensorflow/tensorflow-bundle.ts';
import { readMusicnnWeights } from './musicnn-weights.ts';
import type { Block } from './musicnn-weights.ts';

/** Raised whenever the graphs change, so that compiled files in caches are made anew. */
export const MUSICNN_COMPILER_VERSION = 1;

/** Sizes of the spectrogram that the network hears at once. */
export interface MusicnnVariant {
  readonly frames: number;
  readonly bands: number;
}

/**
 * Yields one graph, `spectrogram` [windows, frames, bands] of log-mels to `tags` [windows, tags], a probability each.
 * @param prefix of the checkpoint's files
 * @throws ModelFileError when the checkpoint is damaged or no such model.
 */
export async function* compileMusicnn(
  prefix: string,
  { frames, bands }: MusicnnVariant,
): AsyncGenerator<{ readonly name: 'tags'; readonly bytes: Uint8Array }> {
  const bundle = await openTensorflowBundle(prefix);
  try {
    const weights = await readMusicnnWeights(bundle, bands);
    const graph = createOnnxGraph('musicnn');
    const spectrogram = graph.input('spectrogram', ['windows', frames, bands]);
    const planeAxis = graph.constant('plane_axis', [1], BigInt64Array.of(1n));
    const plane = graph.node('Unsqueeze', [spectrogram, planeAxis], 1);
    const normalised = addScaling(graph, plane, weights.input, 'input', 2);
    const front = weights.front.map((block, index) => addFrontBlock(graph, normalised, block, `front${index}`));
    // Every later layer is heard beside those before it.
    const layers = [graph.node('Concat', front, 1, { axis: 1 })];
    for (const [index, block] of weights.middle.entries()) {
      const before = layers.at(-1)!;
      const heard = addMiddleBlock(graph, before, block, `middle${index}`);
      layers.push(index === 0 ? heard : graph.node('Add', [heard, before], 1));
    }
    const features = graph.node('Concat', layers, 1, { axis: 1 });
    const pooled = ['ReduceMax', 'ReduceMean'].map((pool) =>
      graph.node(pool, [features], 1, { axes: [2], keepdims: 0 }),
    );
    const summary = graph.node('Concat', pooled, 1, { axis: 1 });
    const hidden = graph.node('Relu', [addDense(graph, summary, weights.hidden, 'hidden')], 1);
    graph.node('Sigmoid', [addDense(graph, hidden, weights.tags, 'tags')], ['tags']);
    graph.output('tags', ['windows', weights.tags.bias.length]);
    yield { name: 'tags', bytes: graph.toBytes() };
  } finally {
    await bundle.close();
  }
}

/** As many zeros as keep the number of frames; of an odd number more of them behind. */
function aroundFrames(frames: number): { readonly before: number; readonly after: number } {
  return { before: Math.floor((frames - 1) / 2), after: Math.ceil((frames - 1) / 2) };
}

/**
 * The strongest answer over all bands: [windows, to, frames]. It is scaled behind that and not before, on a fraction of the values; of channels whose
 * scale is negative the weakest answer becomes the strongest.
 */
function addFrontBlock(graph: OnnxGraph, plane: string, block: Block, name: string): string {
  const { before, after } = aroundFrames(block.frames);
  const size = [block.frames, block.width];
  const inputs = [
    plane,
    graph.constant(`${name}_kernel`, [block.to, 1, ...size], block.kernel),
    graph.constant(`${name}_bias`, [block.to], block.bias),
  ];
  const conv = graph.node('Conv', inputs, 1, { kernel_shape: size, pads: [before, 0, after, 0] });
  const answers = graph.node('Relu', [conv], 1);
  const { scale, shift } = block.scaling;
  const strongest = graph.node('ReduceMax', [answers], 1, { axes: [3], keepdims: 0 });
  const weakest = graph.node('ReduceMin', [answers], 1, { axes: [3], keepdims: 0 });
  const rising = { scale: scale.map((factor) => Math.max(0, factor)), shift };
  const falling = graph.constant(
    `${name}_falling`,
    [block.to, 1],
    scale.map((factor) => Math.min(0, factor)),
  );
  return graph.node(
    'Add',
    [addScaling(graph, strongest, rising, name, 1), graph.node('Mul', [weakest, falling], 1)],
    1,
  );
}

/** [windows, from, frames] to [windows, to, frames]. */
function addMiddleBlock(graph: OnnxGraph, value: string, block: Block, name: string): string {
  const { before, after } = aroundFrames(block.frames);
  const inputs = [
    value,
    graph.constant(`${name}_kernel`, [block.to, block.width, block.frames], block.kernel),
    graph.constant(`${name}_bias`, [block.to], block.bias),
  ];
  const conv = graph.node('Conv', inputs, 1, { kernel_shape: [block.frames], pads: [before, after] });
  return addScaling(graph, graph.node('Relu', [conv], 1), block.scaling, name, 1);
}
