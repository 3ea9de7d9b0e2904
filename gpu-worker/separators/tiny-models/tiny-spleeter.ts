import { createOnnxGraph } from '../../models/onnx/onnx-graph.ts';

const DIMS = ['batch', 2, 512, 1024];

/** One graph for all instruments: each one's estimate is the mix's magnitude times its gain, plus `bias`. */
export function scalingSpleeter(gains: Readonly<Record<string, number>>, bias = 0): Uint8Array {
  const graph = createOnnxGraph('tiny-spleeter');
  graph.input('magnitude', DIMS);
  const offset = graph.constant('bias', [1], Float32Array.of(bias));
  for (const [instrument, gain] of Object.entries(gains)) {
    const factor = graph.constant(`${instrument}_gain`, [1], Float32Array.of(gain));
    graph.node('Add', [graph.node('Mul', ['magnitude', factor], 1), offset], [instrument]);
    graph.output(instrument, DIMS);
  }
  return graph.toBytes();
}

/** One instrument's graph, its output called as in the published models. */
export function scalingInstrument(gain: number): Uint8Array {
  return scalingSpleeter({ estimate: gain });
}
