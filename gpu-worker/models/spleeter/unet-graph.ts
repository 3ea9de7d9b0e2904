/**
 * Spleeter's U-Net (Jansson et al., "Singing voice separation with deep U-Net convolutional networks", ISMIR 2017) as ONNX nodes,
 * in the forms that onnxruntime's CPU kernels run fastest; what that is was measured, see README.md of models/.
 */
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import type { SpleeterVariant } from './spleeter-variant.ts';
import { addBlockedLastLayer } from './unet-last-layer.ts';
import { addPhasedUpsampling } from './unet-upsampling.ts';
import { LEVELS } from './unet-weights.ts';
import type { Convolution, Normalization, UnetWeights } from './unet-weights.ts';

/** Keras' default for BatchNormalization. */
const EPSILON = 1e-3;
const LEAK = 0.2;
/** TensorFlow's `SAME` for a 5x5 kernel of stride 2 on even sizes: one row before, two after. */
const SAME_PADS = [1, 1, 2, 2];
/** Below this width onnxruntime pads the outputs of a blocked convolution to 16, and its transposed convolution is the faster one. */
const NARROWEST_PHASED = 8;

/** Of one window: what the network sees at once. Both are multiples of 64. */
export interface UnetSize {
  readonly frames: number;
  readonly bins: number;
}

/** Adds one U-Net. @param prefix keeps its constants' names apart from other networks'. @returns its mask's logits, like `magnitude` in shape. */
export function addUnet(
  graph: OnnxGraph,
  magnitude: string,
  weights: UnetWeights,
  options: { readonly prefix: string; readonly activation: SpleeterVariant['activation']; readonly size: UnetSize },
): string {
  const { prefix, activation, size } = options;

  const normalize = (value: string, { gamma, beta, mean, variance }: Normalization, name: string): string =>
    graph.node(
      'BatchNormalization',
      [
        value,
        graph.constant(`${name}_gamma`, [gamma.length], gamma),
        graph.constant(`${name}_beta`, [beta.length], beta),
        graph.constant(`${name}_mean`, [mean.length], mean),
        graph.constant(`${name}_variance`, [variance.length], variance),
      ],
      1,
      { epsilon: { float: EPSILON } },
    );
  const activateDown = (value: string): string =>
    activation === 'elu'
      ? graph.node('Elu', [value], 1)
      : graph.node('LeakyRelu', [value], 1, { alpha: { float: LEAK } });
  const activateUp = (value: string): string => graph.node(activation === 'elu' ? 'Elu' : 'Relu', [value], 1);

  // Skip connections leave before normalisation, and the deepest convolution goes up without any.
  const skips: string[] = [];
  let value = magnitude;
  for (const [level, layer] of weights.down.entries()) {
    const name = `${prefix}down${level}`;
    value = graph.node(
      'Conv',
      [
        value,
        graph.constant(`${name}_kernel`, [layer.to, layer.from, 5, 5], layer.kernel),
        graph.constant(`${name}_bias`, [layer.to], layer.bias),
      ],
      1,
      { kernel_shape: [5, 5], strides: [2, 2], pads: SAME_PADS },
    );
    skips.push(value);
    const normalization = weights.downNormalizations[level];
    if (normalization !== undefined) value = activateDown(normalize(value, normalization, name));
  }

  for (const [level, layer] of weights.up.entries()) {
    const name = `${prefix}up${level}`;
    const shrink = 2 ** (LEVELS - level);
    const from = { frames: size.frames / shrink, bins: size.bins / shrink };
    value =
      layer.to < NARROWEST_PHASED
        ? activateUp(addTransposedConvolution(graph, value, layer, name))
        : addPhasedUpsampling(graph, value, layer, { name, from, activate: activateUp });
    value = normalize(value, weights.upNormalizations[level]!, name);
    const skip = skips[LEVELS - 2 - level];
    if (skip !== undefined) value = graph.node('Concat', [skip, value], 1, { axis: 1 });
  }
  return addBlockedLastLayer(graph, value, weights.last, { name: `${prefix}last`, size });
}

function addTransposedConvolution(graph: OnnxGraph, value: string, layer: Convolution, name: string): string {
  const kernel = graph.constant(`${name}_kernel`, [layer.from, layer.to, 5, 5], layer.kernel);
  const bias = graph.constant(`${name}_bias`, [layer.to], layer.bias);
  return graph.node('ConvTranspose', [value, kernel, bias], 1, {
    kernel_shape: [5, 5],
    strides: [2, 2],
    pads: SAME_PADS,
  });
}
