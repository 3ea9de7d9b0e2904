/** Weights of single layers in the files of Keras 2, whose layers lie in `model_weights`, each in a group twice named for it. */
import { rejectModelFile } from '../model-file-error.ts';
import type { Hdf5File, Hdf5Tensor } from './hdf5-file.ts';

/** Keras' own default, and what the published model says. */
const EPSILON = 1e-3;

/** What normalisation by running averages comes to: value · scale + shift, of each channel. */
export interface Scaling {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** `kernel` is [from, to]. */
export interface DenseWeights {
  readonly kernel: Hdf5Tensor;
  readonly bias: Float32Array;
}

/** `kernel` is [height, width, from, to]. */
export type ConvolutionWeights = DenseWeights;

/** Gates in the order update, reset, candidate; `kernel` is [from, 3 · units], `recurrent` [units, 3 · units]. */
export interface GruWeights extends DenseWeights {
  readonly recurrent: Hdf5Tensor;
}

export interface KerasWeights {
  batchNormalisation(layer: string): Scaling;
  dense(layer: string): DenseWeights;
  convolution(layer: string): ConvolutionWeights;
  /** @param cell the name of the layer that is run forwards and backwards */
  bidirectionalGru(layer: string, cell: string): { readonly forward: GruWeights; readonly backward: GruWeights };
}

/** Its functions throw ModelFileError where the file lacks a tensor or has one of another form. */
export function kerasWeights(file: Hdf5File): KerasWeights {
  const tensor = (layer: string, name: string, rank: number): Hdf5Tensor => {
    const path = `model_weights/${layer}/${layer}/${name}:0`;
    const found = file.readFloat32(path);
    if (found.shape.length !== rank) rejectModelFile(`"${path}" has ${found.shape.length} axes, not ${rank}`);
    return found;
  };
  const layerOf = (layer: string, prefix: string, rank: number): DenseWeights => {
    const kernel = tensor(layer, `${prefix}kernel`, rank);
    const bias = tensor(layer, `${prefix}bias`, 1).values;
    const wanted = kernel.shape.at(-1);
    if (bias.length !== wanted) rejectModelFile(`"${layer}" has ${bias.length} biases, not ${String(wanted)}`);
    return { kernel, bias };
  };
  const gru = (layer: string, cell: string): GruWeights => {
    const weights = layerOf(layer, `${cell}/`, 2);
    const recurrent = tensor(layer, `${cell}/recurrent_kernel`, 2);
    const [units = 0, gates] = recurrent.shape;
    if (gates !== 3 * units || weights.bias.length !== gates) rejectModelFile(`"${layer}" is no gated recurrent unit`);
    return { ...weights, recurrent };
  };
  return {
    batchNormalisation(layer) {
      const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
        (name) => tensor(layer, name, 1).values,
      ) as [Float32Array, Float32Array, Float32Array, Float32Array];
      const lengths = [gamma, beta, mean, variance].map((values) => values.length);
      if (new Set(lengths).size > 1)
        rejectModelFile(`"${layer}" has ${lengths.join(', ')} numbers of one channel each`);
      const scale = gamma.map((value, channel) => value / Math.sqrt(variance[channel]! + EPSILON));
      const shift = beta.map(
        (value, channel) => value - (mean[channel]! * gamma[channel]!) / Math.sqrt(variance[channel]! + EPSILON),
      );
      return { scale, shift };
    },
    dense: (layer) => layerOf(layer, '', 2),
    convolution: (layer) => layerOf(layer, '', 4),
    bidirectionalGru(layer, cell) {
      const [forward, backward] = [gru(layer, `forward_${cell}`), gru(layer, `backward_${cell}`)];
      const shapes = [forward, backward].map(({ kernel }) => kernel.shape.join(' × '));
      if (shapes[0] !== shapes[1]) rejectModelFile(`"${layer}" is ${shapes.join(' forwards, backwards ')}`);
      return { forward, backward };
    },
  };
}
