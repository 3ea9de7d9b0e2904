/** A network of the form of musicnn's that is small enough to be made in a test: it gives one tag, whatever is played. */
import { createOnnxGraph } from '../models/onnx/onnx-graph.ts';
import { STYLE_BANDS, WINDOW_FRAMES } from './style-grid.ts';
import { STYLE_TAGS } from './style-tags.ts';
import type { StyleTag } from './style-tags.ts';

const SURE = 0.9;
const UNLIKELY = 0.01;

export function tinyStyleGraph(tag: StyleTag): Uint8Array {
  const graph = createOnnxGraph('tiny-style');
  const spectrogram = graph.input('spectrogram', [1, WINDOW_FRAMES, STYLE_BANDS]);
  const level = graph.node('ReduceMean', [spectrogram], 1, { axes: [1, 2], keepdims: 0 });
  const probabilities = Float32Array.from(STYLE_TAGS, (known) => (known === tag ? SURE : UNLIKELY));
  const nothing = graph.constant('nothing', [1, STYLE_TAGS.length], new Float32Array(STYLE_TAGS.length));
  const always = graph.constant('always', [1, STYLE_TAGS.length], probabilities);
  graph.node('Add', [graph.node('Mul', [level, nothing], 1), always], ['tags']);
  graph.output('tags', [1, STYLE_TAGS.length]);
  return graph.toBytes();
}
