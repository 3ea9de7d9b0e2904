/**
 * Whisper's encoder (Radford et al., "Robust speech recognition via large-scale weak supervision", 2022) with the first step of the
 * decoder's cross-attention: what each decoder layer looks up in the sound is computed once for a window and not once for a word.
 */
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import { createLayerGraph, scaleQueries } from './transformer-layers.ts';
import type { LayerGraph } from './transformer-layers.ts';
import type { Linear, SelfAttention, WhisperEncoderWeights, WhisperSize } from './whisper-weights.ts';

/**
 * Input `mel` [1, bands, 2 · frames]; outputs `cross_keys` [layers, heads, head width, frames] and `cross_values`
 * [layers, heads, frames, head width].
 */
export function addWhisperEncoder(
  graph: OnnxGraph,
  weights: WhisperEncoderWeights,
  crossKeyValues: readonly Linear[],
  size: WhisperSize,
): void {
  const { audioFrames, heads, width } = size;
  const headWidth = width / heads;
  const layers = createLayerGraph(graph);
  graph.input('mel', [1, size.melBands, 2 * audioFrames]);

  let value = 'mel';
  for (const [index, { weight, bias, from, to }] of weights.convolutions.entries()) {
    const inputs = [
      value,
      graph.constant(`conv${index}_weight`, [to, from, 3], weight),
      graph.constant(`conv${index}_bias`, [to], bias),
    ];
    value = layers.gelu(graph.node('Conv', inputs, 1, { kernel_shape: [3], pads: [1, 1], strides: [index + 1] }));
  }
  value = layers.transpose(layers.reshape(value, [width, audioFrames]), [1, 0]);
  value = layers.add(value, graph.constant('positions', [audioFrames, width], weights.positions));
  for (const [index, { attention, feedForward }] of weights.layers.entries()) {
    value = addSelfAttention(layers, value, attention, { name: `layer${index}_attention`, heads, width, audioFrames });
    value = layers.feedForward(value, feedForward, `layer${index}_feed_forward`);
  }
  value = layers.norm(value, weights.norm, 'norm');

  const keys: string[] = [];
  const values: string[] = [];
  for (const [index, linear] of crossKeyValues.entries()) {
    const both = layers.linear(value, linear, `cross${index}`);
    const cut = layers.transpose(layers.reshape(both, [1, audioFrames, 2, heads, headWidth]), [2, 0, 3, 1, 4]);
    const parts = [`cross${index}_keys`, `cross${index}_values`];
    graph.node('Split', [cut], parts, { axis: 0 });
    const shape = [1, heads, audioFrames, headWidth];
    keys.push(layers.transpose(layers.reshape(parts[0]!, shape), [0, 1, 3, 2]));
    values.push(layers.reshape(parts[1]!, shape));
  }
  graph.node('Concat', keys, ['cross_keys'], { axis: 0 });
  graph.node('Concat', values, ['cross_values'], { axis: 0 });
  graph.output('cross_keys', [size.decoderLayers, heads, headWidth, audioFrames]);
  graph.output('cross_values', [size.decoderLayers, heads, audioFrames, headWidth]);
}

function addSelfAttention(
  layers: LayerGraph,
  value: string,
  weights: SelfAttention,
  at: { readonly name: string; readonly heads: number; readonly width: number; readonly audioFrames: number },
): string {
  const { name, heads, width, audioFrames } = at;
  const { graph } = layers;
  const normed = layers.norm(value, weights.norm, `${name}_norm`);
  const all = layers.linear(normed, scaleQueries(weights.queryKeyValue, width, width / heads), `${name}_in`);
  const parts = ['query', 'key', 'value'].map((part) => `${name}_${part}`);
  graph.node('Split', [all], parts, { axis: 1 });
  const [query, key, content] = parts.map((part) => layers.reshape(part, [audioFrames, heads, width / heads]));
  const scores = graph.node('MatMul', [layers.transpose(query!, [1, 0, 2]), layers.transpose(key!, [1, 2, 0])], 1);
  const shares = graph.node('Softmax', [scores], 1, { axis: -1 });
  const mixed = graph.node('MatMul', [shares, layers.transpose(content!, [1, 0, 2])], 1);
  const rows = layers.reshape(layers.transpose(mixed, [1, 0, 2]), [audioFrames, width]);
  return layers.add(value, layers.linear(rows, weights.out, `${name}_out`));
}
