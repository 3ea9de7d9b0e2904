/** Finds one instrument's U-Net among a Spleeter checkpoint's variables and brings its kernels into ONNX order. */
import { rejectModelFile } from '../model-file-error.ts';
import type { TensorflowBundle } from '../tensorflow/tensorflow-bundle.ts';

/** Depth of the U-Net: so many convolutions of stride 2 down, and as many up. */
export const LEVELS = 6;
const CONVOLUTIONS = LEVELS + 1;
const NORMALIZATIONS = 2 * LEVELS;
const KERNEL_SIZE = 5;
const LAST_KERNEL_SIZE = 4;
const CHANNELS = 2;
const MAXIMUM_WIDTH = 4096;

/** `kernel` is [to][from][size][size] for a convolution and [from][to][size][size] for a transposed one. */
export interface Convolution {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  readonly from: number;
  readonly to: number;
}

export interface Normalization {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

export interface UnetWeights {
  /** Six on the way down. */
  readonly down: readonly Convolution[];
  /** After each of them but the deepest, whose output nothing normalises: five. */
  readonly downNormalizations: readonly Normalization[];
  /** Six transposed ones on the way up, deepest first. */
  readonly up: readonly Convolution[];
  readonly upNormalizations: readonly Normalization[];
  /** 4x4, dilation 2, from one channel to two. */
  readonly last: Convolution;
}

/**
 * Keras numbers layers in order of creation (`conv2d`, `conv2d_1`, …), one network after the other; the numbers need not start at
 * zero. Widths are whatever the checkpoint's shapes say, as long as they fit together.
 * @param index which of the checkpoint's `count` networks.
 * @throws ModelFileError when the checkpoint holds other layers than `count` networks, or shapes that do not fit together.
 */
export async function readUnetWeights(bundle: TensorflowBundle, index: number, count: number): Promise<UnetWeights> {
  const layers = (type: string, each: number): string[] => networkLayers(bundle, type, index, each, count);
  const convolutions = layers('conv2d', CONVOLUTIONS);
  const transposed = layers('conv2d_transpose', LEVELS);
  const normalizations = layers('batch_normalization', NORMALIZATIONS);

  const down: Convolution[] = [];
  let from = CHANNELS;
  for (const name of convolutions.slice(0, LEVELS)) {
    const layer = await readConvolution(bundle, name, KERNEL_SIZE, { from });
    down.push(layer);
    from = layer.to;
  }
  const up: Convolution[] = [];
  for (const [level, name] of transposed.entries()) {
    // Each takes its skip connection's channels beside those of the layer below; the deepest has no skip.
    const skip = level === 0 ? 0 : down[LEVELS - 1 - level]!.to;
    const to = level === LEVELS - 1 ? 1 : down[LEVELS - 2 - level]!.to;
    up.push(await readTransposed(bundle, name, from + skip, to));
    from = to;
  }
  const last = await readConvolution(bundle, convolutions[LEVELS]!, LAST_KERNEL_SIZE, { from: 1, to: CHANNELS });

  const normalized: Normalization[] = [];
  for (const [position, name] of normalizations.entries()) {
    normalized.push(await readNormalization(bundle, name, [...down, ...up][position]!.to));
  }
  return {
    down,
    downNormalizations: normalized.slice(0, LEVELS - 1),
    up,
    upNormalizations: normalized.slice(LEVELS),
    last,
  };
}

function networkLayers(bundle: TensorflowBundle, type: string, index: number, each: number, count: number): string[] {
  const pattern = new RegExp(`^(?:.*/)?${type}(?:_(\\d+))?/(?:kernel|gamma)$`);
  const numbered = [...bundle.variables.keys()].flatMap((name) => {
    const match = pattern.exec(name);
    return match === null ? [] : [{ name: name.slice(0, name.lastIndexOf('/')), number: Number(match[1] ?? 0) }];
  });
  if (numbered.length !== each * count) {
    rejectModelFile(`the checkpoint has ${numbered.length} layers "${type}"; ${count} networks need ${each * count}`);
  }
  numbered.sort((a, b) => a.number - b.number);
  return numbered.slice(index * each, (index + 1) * each).map((layer) => layer.name);
}

async function readConvolution(
  bundle: TensorflowBundle,
  name: string,
  size: number,
  wanted: { readonly from: number; readonly to?: number },
): Promise<Convolution> {
  const [height, width, from, to] = kernelShape(bundle, name);
  if (height !== size || width !== size || from !== wanted.from || to !== (wanted.to ?? to)) {
    rejectShape(name, [height, width, from, to], [size, size, wanted.from, wanted.to ?? 'any']);
  }
  return await readLayer(bundle, name, { size, from, to });
}

async function readTransposed(bundle: TensorflowBundle, name: string, from: number, to: number): Promise<Convolution> {
  const shape = kernelShape(bundle, name);
  const wanted = [KERNEL_SIZE, KERNEL_SIZE, to, from];
  if (shape.join() !== wanted.join()) rejectShape(name, shape, wanted);
  return await readLayer(bundle, name, { size: KERNEL_SIZE, from, to });
}

async function readLayer(
  bundle: TensorflowBundle,
  name: string,
  { size, from, to }: { readonly size: number; readonly from: number; readonly to: number },
): Promise<Convolution> {
  const kernel = await bundle.readFloat32(`${name}/kernel`);
  return {
    kernel: transposeKernel(kernel, size * size, bundle.variables.get(`${name}/kernel`)!.shape[2]!),
    bias: await readVector(bundle, `${name}/bias`, to),
    from,
    to,
  };
}

/**
 * TensorFlow keeps [height][width][a][b], ONNX wants [b][a][height][width]. For a convolution a is the inputs and b the outputs,
 * for a transposed one the other way round, in both formats: one transposition serves both.
 */
function transposeKernel(kernel: Float32Array, taps: number, a: number): Float32Array {
  const b = kernel.length / taps / a;
  const transposed = new Float32Array(kernel.length);
  let read = 0;
  for (let tap = 0; tap < taps; tap += 1) {
    for (let inner = 0; inner < a; inner += 1) {
      for (let outer = 0; outer < b; outer += 1) transposed[(outer * a + inner) * taps + tap] = kernel[read++]!;
    }
  }
  return transposed;
}

function kernelShape(bundle: TensorflowBundle, name: string): readonly [number, number, number, number] {
  const shape = bundle.variables.get(`${name}/kernel`)?.shape ?? [];
  const [height, width, inner, outer] = shape;
  if (shape.length !== 4 || !height || !width || !inner || !outer || Math.max(inner, outer) > MAXIMUM_WIDTH) {
    return rejectShape(name, shape, ['height', 'width', `up to ${MAXIMUM_WIDTH}`, `up to ${MAXIMUM_WIDTH}`]);
  }
  return [height, width, inner, outer];
}

function rejectShape(name: string, found: readonly number[], wanted: readonly (number | string)[]): never {
  return rejectModelFile(
    `the kernel of "${name}" is [${found.join()}], not [${wanted.join()}]: this is no Spleeter U-Net`,
  );
}

async function readNormalization(bundle: TensorflowBundle, name: string, width: number): Promise<Normalization> {
  const [gamma, beta, mean, variance] = await Promise.all([
    readVector(bundle, `${name}/gamma`, width),
    readVector(bundle, `${name}/beta`, width),
    readVector(bundle, `${name}/moving_mean`, width),
    readVector(bundle, `${name}/moving_variance`, width),
  ]);
  return { gamma, beta, mean, variance };
}

async function readVector(bundle: TensorflowBundle, name: string, length: number): Promise<Float32Array> {
  const values = await bundle.readFloat32(name);
  if (values.length !== length) rejectModelFile(`"${name}" has ${values.length} values, not ${length}`);
  return values;
}
