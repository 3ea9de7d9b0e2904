/** Finds musicnn's layers among a checkpoint's variables, which TensorFlow numbered in their order of creation, and turns them as ONNX wants them. */
import type { DenseWeights, Scaling } from '../keras/keras-weights.ts';
import { rejectModelFile } from '../model-file-error.ts';
import type { TensorflowBundle } from '../tensorflow/tensorflow-bundle.ts';

/** Of tf.layers.batch_normalization, where nobody says otherwise. */
const EPSILON = 1e-3;
const TIMBRAL_BLOCKS = 2;
const TEMPORAL_BLOCKS = 3;
const FRONT_BLOCKS = TIMBRAL_BLOCKS + TEMPORAL_BLOCKS;
const MIDDLE_BLOCKS = 3;
const BLOCKS = FRONT_BLOCKS + MIDDLE_BLOCKS;

/** A convolution over frames and bands, and the normalisation behind its activation. */
export interface Block {
  /** [to, frames, bands] of the front; [to, from, frames] of the middle. */
  readonly kernel: Float32Array;
  /** Sizes of the kernel, in frames and in bands or, in the middle, channels that it reads. */
  readonly frames: number;
  readonly width: number;
  readonly to: number;
  readonly bias: Float32Array;
  readonly scaling: Scaling;
}

export interface MusicnnWeights {
  /** Of every value of the spectrogram. */
  readonly input: Scaling;
  /** Timbral ones, as wide as timbres are; then temporal ones, one band wide. */
  readonly front: readonly Block[];
  readonly middle: readonly Block[];
  /** The normalisations before them are folded in. Reads all maxima over time, then all means. */
  readonly hidden: DenseWeights;
  readonly tags: DenseWeights;
}

/** @throws ModelFileError when the checkpoint lacks a layer, or has sizes that do not fit together. Widths are whatever its shapes say. */
export async function readMusicnnWeights(bundle: TensorflowBundle, bands: number): Promise<MusicnnWeights> {
  const blocks: Block[] = [];
  let features = 0;
  for (let index = 0; index < BLOCKS; index++) {
    const isFront = index < FRONT_BLOCKS;
    const block = await readBlock(bundle, index, isFront ? 'front' : 'middle');
    const before = index === FRONT_BLOCKS ? features : blocks.at(-1)?.to;
    const wanted = index < TIMBRAL_BLOCKS ? Math.min(block.width, bands) : isFront ? 1 : before;
    // What is added to the block before it has to be as wide as that.
    const addsUp = index <= FRONT_BLOCKS || block.to === before;
    if (block.width !== wanted || !addsUp) rejectModelFile(`the convolution ${index} does not fit what it reads`);
    blocks.push(block);
    features += block.to;
  }
  const pooled = await readScaling(bundle, BLOCKS + 1, 2 * features);
  const hidden = fold(await readDense(bundle, 'dense', 2 * features), pooled);
  const units = hidden.bias.length;
  const tags = fold(await readDense(bundle, 'dense_1', units), await readScaling(bundle, BLOCKS + 2, units));
  return {
    input: await readScaling(bundle, 0, 1),
    front: blocks.slice(0, FRONT_BLOCKS),
    middle: blocks.slice(FRONT_BLOCKS),
    hidden: { kernel: maximaFirst(hidden.kernel), bias: hidden.bias },
    tags,
  };
}

function layerName(type: string, index: number): string {
  return index === 0 ? type : `${type}_${index}`;
}

/** TensorFlow keeps [frames, width, 1, to]. */
async function readBlock(bundle: TensorflowBundle, index: number, place: 'front' | 'middle'): Promise<Block> {
  const name = layerName('conv2d', index);
  const shape = bundle.variables.get(`${name}/kernel`)?.shape ?? [];
  const [frames = 0, width = 0, planes, to = 0] = shape;
  if (shape.length !== 4 || planes !== 1 || Math.min(frames, width, to) < 1) {
    rejectModelFile(`the kernel of "${name}" is [${shape.join()}]: this is no musicnn`);
  }
  const stored = await bundle.readFloat32(`${name}/kernel`);
  const kernel = new Float32Array(stored.length);
  let read = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (let at = 0; at < width; at++) {
      const tap = place === 'front' ? frame * width + at : at * frames + frame;
      for (let output = 0; output < to; output++) kernel[output * frames * width + tap] = stored[read++]!;
    }
  }
  const bias = await readVector(bundle, `${name}/bias`, to);
  return { kernel, frames, width, to, bias, scaling: await readScaling(bundle, index + 1, to) };
}

async function readScaling(bundle: TensorflowBundle, index: number, width: number): Promise<Scaling> {
  const name = layerName('batch_normalization', index);
  const [gamma, beta, mean, variance] = await Promise.all(
    ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
      async (part) => await readVector(bundle, `${name}/${part}`, width),
    ),
  );
  const scale = gamma!.map((value, at) => value / Math.sqrt(variance![at]! + EPSILON));
  return { scale, shift: beta!.map((value, at) => value - mean![at]! * scale[at]!) };
}

async function readDense(bundle: TensorflowBundle, name: string, from: number): Promise<DenseWeights> {
  const shape = bundle.variables.get(`${name}/kernel`)?.shape ?? [];
  const [rows, to = 0] = shape;
  if (shape.length !== 2 || rows !== from || to < 1) {
    rejectModelFile(`the kernel of "${name}" is [${shape.join()}], not [${from}, …]: this is no musicnn`);
  }
  const values = await bundle.readFloat32(`${name}/kernel`);
  return { kernel: { shape: [from, to], values }, bias: await readVector(bundle, `${name}/bias`, to) };
}

/** The layer that reads what is scaled as one that reads what is not. */
function fold({ kernel, bias }: DenseWeights, { scale, shift }: Scaling): DenseWeights {
  const to = bias.length;
  const sums = Float64Array.from(bias);
  const values = kernel.values.map((weight, at) => {
    const row = Math.floor(at / to);
    sums[at % to]! += shift[row]! * weight;
    return scale[row]! * weight;
  });
  return { kernel: { shape: kernel.shape, values }, bias: Float32Array.from(sums) };
}

/** The checkpoint has maximum and mean of each feature side by side. */
function maximaFirst({ shape, values }: DenseWeights['kernel']): DenseWeights['kernel'] {
  const [rows, to] = shape as [number, number];
  const sorted = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const target = (row % 2) * (rows / 2) + Math.floor(row / 2);
    sorted.set(values.subarray(row * to, (row + 1) * to), target * to);
  }
  return { shape, values: sorted };
}

async function readVector(bundle: TensorflowBundle, name: string, length: number): Promise<Float32Array> {
  const values = await bundle.readFloat32(name);
  if (values.length !== length) rejectModelFile(`"${name}" has ${values.length} values, not ${length}`);
  return values;
}
