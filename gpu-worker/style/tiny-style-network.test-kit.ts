/** Networks of the form of musicnn's that are small enough to be made in a test. */
import { createOnnxGraph } from '../models/onnx/onnx-graph.ts';
import { MEL_BANDS, WINDOW_FRAMES } from './style-grid.ts';
import { STYLE_TAGS } from './style-tags.ts';
import type { StyleTag } from './style-tags.ts';

const SURE = 0.9;
const UNLIKELY = 0.01;

/** The louder the window, the surer of the later tags. @param bias added to the logit of every tag */
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

/** It gives one tag, whatever is played. */
export function oneTagGraph(tag: StyleTag): Uint8Array {
  const graph = createOnnxGraph('one-tag');
  const spectrogram = graph.input('spectrogram', ['windows', WINDOW_FRAMES, MEL_BANDS]);
  const loudness = graph.node('ReduceMean', [spectrogram], 1, { axes: [2], keepdims: 0 });
  const mean = graph.node('ReduceMean', [loudness], 1, { axes: [1], keepdims: 1 });
  const probabilities = Float32Array.from(STYLE_TAGS.map((known) => (known === tag ? SURE : UNLIKELY)));
  const always = graph.constant('always', [1, probabilities.length], probabilities);
  const nothing = graph.constant('nothing', [1], Float32Array.of(0));
  graph.node('Add', [graph.node('Mul', [mean, nothing], 1), always], ['tags']);
  graph.output('tags', ['windows', probabilities.length]);
  return graph.toBytes();
}
