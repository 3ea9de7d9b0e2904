/** Keras' layers as ONNX nodes. Rows are [frames, width], planes [1, channels, frames, bins]. */
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import type { ConvolutionWeights, DenseWeights, GruWeights, Scaling } from './keras-weights.ts';

export function addScaling(graph: OnnxGraph, value: string, { scale, shift }: Scaling, name: string, axes = 0): string {
  const dims = [scale.length, ...Array.from({ length: axes }, () => 1)];
  const scaled = graph.node('Mul', [value, graph.constant(`${name}_scale`, dims, scale)], 1);
  return graph.node('Add', [scaled, graph.constant(`${name}_shift`, dims, shift)], 1);
}

/** Of one or more planes, with as many zeros around them as keep their size. */
export function addConvolution(graph: OnnxGraph, value: string, weights: ConvolutionWeights, name: string): string {
  const [height, width, from, to] = weights.kernel.shape as [number, number, number, number];
  const kernel = new Float32Array(weights.kernel.values.length);
  // [height, width, from, to] becomes [to, from, height, width].
  for (let place = 0; place < height * width; place++) {
    for (let pair = 0; pair < from * to; pair++) {
      const [input, output] = [Math.floor(pair / to), pair % to];
      kernel[(output * from + input) * height * width + place] = weights.kernel.values[place * from * to + pair]!;
    }
  }
  const before = [Math.floor((height - 1) / 2), Math.floor((width - 1) / 2)];
  const after = [Math.ceil((height - 1) / 2), Math.ceil((width - 1) / 2)];
  const inputs = [
    value,
    graph.constant(`${name}_kernel`, [to, from, height, width], kernel),
    graph.constant(`${name}_bias`, [to], weights.bias),
  ];
  return graph.node('Conv', inputs, 1, { kernel_shape: [height, width], pads: [...before, ...after] });
}

/** Of rows. */
export function addDense(graph: OnnxGraph, rows: string, { kernel, bias }: DenseWeights, name: string): string {
  const inputs = [
    rows,
    graph.constant(`${name}_kernel`, kernel.shape, kernel.values),
    graph.constant(`${name}_bias`, [bias.length], bias),
  ];
  return graph.node('Gemm', inputs, 1);
}

/**
 * Rows to rows [frames, 2 · units], the forward ones first. Keras' gated recurrent unit as of its releases before 2.3 (Cho et al., 2014): gates are
 * hard sigmoids, and the reset gate works on the state before its matrix. ONNX has the gates in the same order, as rows of its matrices.
 */
export function addBidirectionalGru(
  graph: OnnxGraph,
  rows: string,
  { forward, backward }: { readonly forward: GruWeights; readonly backward: GruWeights },
  name: string,
): string {
  const [from, gates] = forward.kernel.shape as [number, number];
  const units = gates / 3;
  const both = (pick: (weights: GruWeights) => Float32Array): Float32Array =>
    Float32Array.from([...pick(forward), ...pick(backward)]);
  const kernels = both(({ kernel }) => turned(kernel.values, from, gates));
  const recurrents = both(({ recurrent }) => turned(recurrent.values, units, gates));
  const biases = both(({ bias }) => Float32Array.from({ length: 2 * gates }, (_, gate) => bias[gate] ?? 0));
  const steps = graph.node('Unsqueeze', [rows, graph.constant(`${name}_batch_axis`, [1], BigInt64Array.of(1n))], 1);
  const states = graph.node(
    'GRU',
    [
      steps,
      graph.constant(`${name}_kernel`, [2, gates, from], kernels),
      graph.constant(`${name}_recurrent`, [2, gates, units], recurrents),
      graph.constant(`${name}_bias`, [2, 2 * gates], biases),
    ],
    1,
    {
      direction: 'bidirectional',
      hidden_size: units,
      linear_before_reset: 0,
      activations: { strings: ['HardSigmoid', 'Tanh', 'HardSigmoid', 'Tanh'] },
    },
  );
  // [frames, 2, 1, units]
  return graph.node(
    'Reshape',
    [states, graph.constant(`${name}_rows`, [2], BigInt64Array.of(-1n, BigInt(2 * units)))],
    1,
  );
}

/** The transpose of a matrix [from, to]. */
function turned(matrix: Float32Array, from: number, to: number): Float32Array {
  return Float32Array.from(matrix, (_, at) => matrix[(at % from) * to + Math.floor(at / from)]!);
}
