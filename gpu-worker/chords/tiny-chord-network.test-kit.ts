/** A network of the form of crema's that is small enough to be made in a test: it hears one chord, whatever is played. */
import { createOnnxGraph } from '../models/onnx/onnx-graph.ts';
import { PLANE_BINS, PLANE_OCTAVES } from './chord-grid.ts';
import { BASS_CLASSES, NETWORK_CLASSES, PITCH_NAMES } from './chord-labels.ts';

const SURE = 0.9;

/** @param label such as `F#:maj`, in root position @param probability of it; the others share the rest */
export function tinyChordGraph(label: string, probability = SURE): Uint8Array {
  const graph = createOnnxGraph('tiny-chords');
  const spectrum = graph.input('spectrum', [1, PLANE_OCTAVES.length, 'time', PLANE_BINS]);
  const perFrame = graph.node('ReduceMean', [spectrum], 1, { axes: [0, 1, 3], keepdims: 0 });
  const shape = graph.constant('shape', [2], BigInt64Array.of(-1n, 1n));
  const rows = graph.node('Reshape', [perFrame, shape], 1);
  const tag = NETWORK_CLASSES.findIndex((known) => known.label === label);
  const bass = PITCH_NAMES.findIndex((name) => name === label.split(':')[0]);
  for (const [name, classes, sure] of [
    ['chord_tag', NETWORK_CLASSES.length, tag],
    ['chord_bass', BASS_CLASSES, bass],
  ] as const) {
    const probabilities = new Float32Array(classes).fill((1 - probability) / (classes - 1));
    probabilities[sure] = probability;
    const nothing = graph.constant(`${name} nothing`, [1, classes], new Float32Array(classes));
    const always = graph.constant(`${name} always`, [1, classes], probabilities);
    graph.node('Add', [graph.node('Mul', [rows, nothing], 1), always], [name]);
    graph.output(name, ['time', classes]);
  }
  return graph.toBytes();
}
