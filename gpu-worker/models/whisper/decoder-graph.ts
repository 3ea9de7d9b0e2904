/**
 * Whisper's decoder for any number of texts at once, each continued by any number of tokens. What the earlier tokens left in the
 * self-attention comes in and goes out again, longer; so a step costs one token.
 */
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import { createLayerGraph, scaleQueries } from './transformer-layers.ts';
import type { LayerGraph } from './transformer-layers.ts';
import type { WhisperVariant } from './whisper-variant.ts';
import type { CrossAttention, SelfAttention, WhisperDecoderWeights, WhisperSize } from './whisper-weights.ts';

/**
 * Inputs:
 * - `tokens` [texts, new] and their `positions` [new];
 * - `mask` [new, past + new], added to the self-attention's scores: 0 where a token may look, very low where not;
 * - `past_keys` [layers, past texts, heads, head width, past] and `past_values` [layers, past texts, heads, past, head width], and
 *   `parents` [texts]: which of the past texts each text continues;
 * - `cross_keys`, `cross_values` of the encoder;
 * - `wanted` [rows]: of which tokens, counted over all texts, the logits are wanted.
 *
 * Outputs: `logits` [rows, tokens of the vocabulary]; `keys` and `values`, the next `past_…`; `alignment`
 * [alignment heads, texts · new, frames], the scores of those cross-attention heads before the softmax.
 */
export function addWhisperDecoder(
  graph: OnnxGraph,
  weights: WhisperDecoderWeights,
  variant: WhisperVariant,
  size: WhisperSize,
): void {
  const { width, heads, audioFrames, decoderLayers } = size;
  const headWidth = width / heads;
  const layers = createLayerGraph(graph);
  graph.input('tokens', ['texts', 'new'], 'int64');
  graph.input('positions', ['new'], 'int64');
  graph.input('mask', ['new', 'all']);
  graph.input('past_keys', [decoderLayers, 'past_texts', heads, headWidth, 'past']);
  graph.input('past_values', [decoderLayers, 'past_texts', heads, 'past', headWidth]);
  graph.input('parents', ['texts'], 'int64');
  graph.input('cross_keys', [decoderLayers, heads, headWidth, audioFrames]);
  graph.input('cross_values', [decoderLayers, heads, audioFrames, headWidth]);
  graph.input('wanted', ['rows'], 'int64');

  const embeddings = graph.constant('embeddings', [size.tokens, width], weights.embeddings);
  const positions = graph.constant('position_table', [size.textPositions, width], weights.positions);
  const placed = layers.add(
    graph.node('Gather', [embeddings, 'tokens'], 1, { axis: 0 }),
    graph.node('Gather', [positions, 'positions'], 1, { axis: 0 }),
  );
  let value = layers.reshape(placed, [-1, width]);
  const headShape = graph.node('Concat', [graph.node('Shape', ['tokens'], 1), layers.integers([heads, headWidth])], 1, {
    axis: 0,
  });

  const keys: string[] = [];
  const values: string[] = [];
  const alignment: string[] = [];
  for (const [index, { selfAttention, crossAttention, feedForward }] of weights.layers.entries()) {
    const own = addSelfAttention(layers, value, selfAttention, {
      name: `layer${index}_self`,
      layer: index,
      headShape,
      heads,
      width,
    });
    keys.push(own.keys);
    values.push(own.values);
    const cross = addCrossAttention(layers, own.value, crossAttention, {
      name: `layer${index}_cross`,
      layer: index,
      heads,
      width,
    });
    const chosen = variant.alignmentHeads.filter(([layer]) => layer === index).map(([, head]) => head);
    if (chosen.length > 0) {
      alignment.push(graph.node('Gather', [cross.scores, layers.integers(chosen)], 1, { axis: 0 }));
    }
    value = layers.feedForward(cross.value, feedForward, `layer${index}_feed_forward`);
  }

  const rows = graph.node('Gather', [layers.norm(value, weights.norm, 'norm'), 'wanted'], 1, { axis: 0 });
  graph.node('Gemm', [rows, embeddings], ['logits'], { transB: 1 });
  graph.node('Concat', keys, ['keys'], { axis: 0 });
  graph.node('Concat', values, ['values'], { axis: 0 });
  graph.node('Concat', alignment, ['alignment'], { axis: 0 });
  graph.output('logits', ['rows', size.tokens]);
  graph.output('keys', [decoderLayers, 'texts', heads, headWidth, 'all']);
  graph.output('values', [decoderLayers, 'texts', heads, 'all', headWidth]);
  graph.output('alignment', [variant.alignmentHeads.length, 'new_of_all_texts', audioFrames]);
}

interface Place {
  readonly name: string;
  readonly layer: number;
  readonly heads: number;
  readonly width: number;
}

function addSelfAttention(
  layers: LayerGraph,
  value: string,
  weights: SelfAttention,
  at: Place & { readonly headShape: string },
): { readonly value: string; readonly keys: string; readonly values: string } {
  const { name, layer, heads, width, headShape } = at;
  const { graph } = layers;
  const normed = layers.norm(value, weights.norm, `${name}_norm`);
  const all = layers.linear(normed, scaleQueries(weights.queryKeyValue, width, width / heads), `${name}_in`);
  const parts = ['query', 'key', 'value'].map((part) => `${name}_${part}`);
  graph.node('Split', [all], parts, { axis: 1 });
  const [query, key, content] = parts.map((part) => graph.node('Reshape', [part, headShape], 1));

  /** What earlier tokens left for this layer, in the order of this call's texts. */
  const past = (input: string): string => {
    const ofLayer = graph.node('Gather', [input, layers.integers([layer])], 1, { axis: 0 });
    return graph.node('Gather', [ofLayer, 'parents'], 1, { axis: 1 });
  };
  const unsqueeze = (input: string): string => graph.node('Unsqueeze', [input, layers.integers([0])], 1);
  const squeeze = (input: string): string => graph.node('Squeeze', [input, layers.integers([0])], 1);
  const keys = graph.node('Concat', [past('past_keys'), unsqueeze(layers.transpose(key!, [0, 2, 3, 1]))], 1, {
    axis: 4,
  });
  const values = graph.node('Concat', [past('past_values'), unsqueeze(layers.transpose(content!, [0, 2, 1, 3]))], 1, {
    axis: 3,
  });
  const scores = graph.node('MatMul', [layers.transpose(query!, [0, 2, 1, 3]), squeeze(keys)], 1);
  const shares = graph.node('Softmax', [layers.add(scores, 'mask')], 1, { axis: -1 });
  const mixed = graph.node('MatMul', [shares, squeeze(values)], 1);
  const rows = layers.reshape(layers.transpose(mixed, [0, 2, 1, 3]), [-1, width]);
  return { value: layers.add(value, layers.linear(rows, weights.out, `${name}_out`)), keys, values };
}

/** All texts look at the same sound, so their tokens are one list of queries here. */
function addCrossAttention(
  layers: LayerGraph,
  value: string,
  weights: CrossAttention,
  { name, layer, heads, width }: Place,
): { readonly value: string; readonly scores: string } {
  const { graph } = layers;
  const normed = layers.norm(value, weights.norm, `${name}_norm`);
  const query = layers.linear(normed, scaleQueries(weights.query, width, width / heads), `${name}_query`);
  const queries = layers.transpose(layers.reshape(query, [-1, heads, width / heads]), [1, 0, 2]);
  const ofLayer = (input: string): string => {
    const one = graph.node('Gather', [input, layers.integers([layer])], 1, { axis: 0 });
    return graph.node('Squeeze', [one, layers.integers([0])], 1);
  };
  const scores = graph.node('MatMul', [queries, ofLayer('cross_keys')], 1);
  const shares = graph.node('Softmax', [scores], 1, { axis: -1 });
  const mixed = graph.node('MatMul', [shares, ofLayer('cross_values')], 1);
  const rows = layers.reshape(layers.transpose(mixed, [1, 0, 2]), [-1, width]);
  return { value: layers.add(value, layers.linear(rows, weights.out, `${name}_out`)), scores };
}
