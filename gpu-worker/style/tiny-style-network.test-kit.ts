/** A network of the form of musicnn's that is small enough to be made in a test: the louder the window, the surer of the later tags. */
import { createOnnxGraph } from '../models/onnx/onnx-graph.ts';
import { MEL_BANDS, WINDOW_FRAMES } from './style-grid.ts';
import { STYLE_TAGS } from './style-tags.ts';

/** @param bias added to the logit of every tag */
export function tinyStyleGraph(bias = -2): Uint8Array {
  const graph = createOnnxGraph('tiny-style');
  const spectrogram = graph.input('spectrogram', ['windows', WINDOW_FRAMES, MEL_BANDS]);
  const loudness = graph.node('ReduceMean', [spectrogram], 1, { axes: [2], keepdims: 0 });
  const mean = graph.node('ReduceMean', [loudness], 1, { axes: [1], keepdims: 1 });
  const ramp = Float32Array.from(STYLE_TAGS, (_, tag) => tag / STYLE_TAGS.length);
  const rising = graph.node('Mul', [mean, graph.constant('ramp', [1, ramp.length], ramp)], 1);
  const logits = graph.node('Add', [rising, graph.constant('bias', [1], Float32Array.of(bias))], 1);
  graph.node('Sigmoid', [logits], ['tags']);
  graph.output('tags', ['windows', ramp.length]);
  return graph.toBytes();
}
