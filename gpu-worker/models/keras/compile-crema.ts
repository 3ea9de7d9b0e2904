/** Compiles crema's chord network (McFee and Bello: Structured training for large-vocabulary chord recognition, ISMIR 2017) to ONNX. */
import { rejectModelFile } from '../model-file-error.ts';
import { createOnnxGraph } from '../onnx/onnx-graph.ts';
import { openHdf5File } from './hdf5-file.ts';
import { addBidirectionalGru, addConvolution, addDense, addScaling } from './keras-layers.ts';
import { kerasWeights } from './keras-weights.ts';

/** Raised whenever the graphs change, so that compiled files in caches are made anew. */
export const CREMA_COMPILER_VERSION = 1;

/** `chord_tag` names the chord; the others say what it consists of. */
export type CremaHead = 'chord_tag' | 'chord_pitch' | 'chord_root' | 'chord_bass';

export interface CremaVariant {
  /** The graph's outputs. */
  readonly heads: readonly CremaHead[];
}

/**
 * Yields one graph, `spectrum` [1, harmonics, frames, bins] to rows [frames, classes] of each head, probabilities all: planes of decibels, one per
 * harmonic, of any number of frames.
 * @param path of the Keras file `model.h5`
 * @throws ModelFileError when the file is damaged or no such model.
 */
export async function* compileCrema(
  path: string,
  { heads }: CremaVariant,
): AsyncGenerator<{ readonly name: 'chords'; readonly bytes: Uint8Array }> {
  const weights = kerasWeights(await openHdf5File(path));
  const graph = createOnnxGraph('crema-chords');

  const convolution = weights.convolution('conv2d_1');
  const [, , harmonics = 0, planes = 0] = convolution.kernel.shape;
  const across = weights.convolution('conv2d_2');
  const [height, bins = 0, from, width = 0] = across.kernel.shape;
  if (planes !== 1 || height !== 1 || from !== 1)
    rejectModelFile('the convolutions are not those of the chord network');

  let value = graph.input('spectrum', [1, harmonics, 'frames', bins]);
  value = addScaling(graph, value, weights.batchNormalisation('batch_normalization_1'), 'input', 2);
  value = graph.node('Relu', [addConvolution(graph, value, convolution, 'convolution')], 1);
  value = addScaling(graph, value, weights.batchNormalisation('batch_normalization_2'), 'plane', 2);

  // A convolution as wide as the plane makes one row of each frame.
  const rowShape = graph.constant('row_shape', [2], BigInt64Array.of(-1n, BigInt(bins)));
  const kernel = { shape: [bins, width], values: across.kernel.values };
  value = graph.node('Reshape', [value, rowShape], 1);
  value = graph.node('Relu', [addDense(graph, value, { kernel, bias: across.bias }, 'across')], 1);
  value = addScaling(graph, value, weights.batchNormalisation('batch_normalization_3'), 'rows');

  value = addBidirectionalGru(graph, value, weights.bidirectionalGru('bidirectional_1', 'gru_1'), 'first');
  value = addScaling(graph, value, weights.batchNormalisation('batch_normalization_4'), 'states');
  const states = addBidirectionalGru(graph, value, weights.bidirectionalGru('bidirectional_2', 'gru_2'), 'second');

  const classes = {} as Record<CremaHead, number>;
  const addHead = (head: CremaHead, rows: string, activation: 'Sigmoid' | 'Softmax'): string => {
    const dense = weights.dense(head);
    classes[head] = dense.bias.length;
    const attributes = activation === 'Softmax' ? { axis: -1 } : {};
    return graph.node(activation, [addDense(graph, rows, dense, head)], [head], attributes);
  };
  const structure = [
    addHead('chord_pitch', states, 'Sigmoid'),
    addHead('chord_root', states, 'Softmax'),
    addHead('chord_bass', states, 'Softmax'),
  ];
  const all = graph.node('Concat', [states, ...structure], 1, { axis: 1 });
  addHead('chord_tag', addScaling(graph, all, weights.batchNormalisation('batch_normalization_5'), 'all'), 'Softmax');
  for (const head of heads) graph.output(head, ['frames', classes[head]]);
  yield { name: 'chords', bytes: graph.toBytes() };
}
