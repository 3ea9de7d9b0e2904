/**
 * What Whisper's encoder and decoder are made of (Vaswani et al., "Attention is all you need", 2017, with the normalisation before
 * each layer), as ONNX nodes. Activations are rows: [positions, width].
 */
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import type { FeedForward, LayerNorm, Linear } from './whisper-weights.ts';

const EPSILON = 1e-5;

export interface LayerGraph {
  readonly graph: OnnxGraph;
  /** An int64 vector that a node takes for a shape or for indices; made once for each content. */
  integers(values: readonly number[]): string;
  norm(value: string, weights: LayerNorm, name: string): string;
  linear(value: string, weights: Linear, name: string): string;
  gelu(value: string): string;
  /** With its residual. */
  feedForward(value: string, weights: FeedForward, name: string): string;
  add(value: string, other: string): string;
  reshape(value: string, shape: readonly number[]): string;
  transpose(value: string, order: readonly number[]): string;
}

export function createLayerGraph(graph: OnnxGraph): LayerGraph {
  const known = new Set<string>();
  const scalar = (name: string, value: number): string => {
    if (!known.has(name)) graph.constant(name, [], Float32Array.of(value));
    known.add(name);
    return name;
  };
  const layers: LayerGraph = {
    graph,
    integers(values) {
      const name = `integers_${values.join('_')}`;
      if (!known.has(name)) graph.constant(name, [values.length], BigInt64Array.from(values, BigInt));
      known.add(name);
      return name;
    },
    norm(value, { gamma, beta }, name) {
      const inputs = [
        value,
        graph.constant(`${name}_gamma`, [gamma.length], gamma),
        graph.constant(`${name}_beta`, [beta.length], beta),
      ];
      return graph.node('LayerNormalization', inputs, 1, { axis: -1, epsilon: { float: EPSILON } });
    },
    linear(value, { weight, bias, from, to }, name) {
      const inputs = [
        value,
        graph.constant(`${name}_weight`, [to, from], weight),
        graph.constant(`${name}_bias`, [to], bias),
      ];
      return graph.node('Gemm', inputs, 1, { transB: 1 });
    },
    // Exact, in the form that onnxruntime knows and computes in one pass.
    gelu(value) {
      const erf = graph.node('Erf', [graph.node('Div', [value, scalar('root_two', Math.SQRT2)], 1)], 1);
      const sum = graph.node('Add', [erf, scalar('one', 1)], 1);
      return graph.node('Mul', [graph.node('Mul', [value, sum], 1), scalar('half', 0.5)], 1);
    },
    feedForward(value, { norm, widen, narrow }, name) {
      const wide = layers.gelu(layers.linear(layers.norm(value, norm, `${name}_norm`), widen, `${name}_widen`));
      return layers.add(value, layers.linear(wide, narrow, `${name}_narrow`));
    },
    add: (value, other) => graph.node('Add', [value, other], 1),
    reshape: (value, shape) => graph.node('Reshape', [value, layers.integers(shape)], 1),
    transpose: (value, order) => graph.node('Transpose', [value], 1, { perm: order }),
  };
  return layers;
}

/**
 * Attention divides its scores by the root of a head's width; the same done to what makes the queries costs nothing, and is exact
 * where that root is a power of two, as in every published model.
 * @param queries how many of the outputs, from the first, are queries
 */
export function scaleQueries(linear: Linear, queries: number, headWidth: number): Linear {
  const factor = 1 / Math.sqrt(headWidth);
  const cut = queries * linear.from;
  return {
    ...linear,
    weight: linear.weight.map((value, index) => (index < cut ? value * factor : value)),
    bias: linear.bias.map((value, index) => (index < queries ? value * factor : value)),
  };
}
