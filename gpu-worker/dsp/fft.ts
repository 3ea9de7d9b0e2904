// The one door to the FFT package (PFFFT compiled to WebAssembly with SIMD).
import createPffft from '@echogarden/pffft-wasm/simd';

type Pffft = Awaited<ReturnType<typeof createPffft>>;

/** PFFFT's SIMD kernels need real sizes that are multiples of this. */
const SIZE_GRAIN = 32;
const BYTES_PER_FLOAT = 4;

/**
 * A real transform of one size. Spectra are interleaved re, im of `size / 2 + 1` bins: `size + 2` numbers.
 * Forward is unscaled, X[k] = Σ x[n] e^(-2πikn/size); inverse is scaled by 1/size, so that it undoes forward.
 */
export interface RealFft {
  readonly size: number;
  /** @param input `size` samples @param spectrum receives `size + 2` numbers */
  forward(input: Float32Array, spectrum: Float32Array): void;
  /** @param spectrum `size + 2` numbers; the imaginary parts of the first and last bin count as 0 @param output receives `size` samples */
  inverse(spectrum: Float32Array, output: Float32Array): void;
  /**
   * Views of the transform's own memory, for callers that fill and read it without a copy: take them, use them at once, keep them
   * no longer than the next call of {@link createRealFft} or of any transform of this size.
   */
  buffers(): FftBuffers;
  /** From `buffers().time` to `buffers().spectrum`; time is left as it was. */
  forwardBuffers(): void;
  /** From `buffers().spectrum` to `buffers().time`, NOT scaled: `size` times the signal. The spectrum's bin 0 is spoilt. */
  inverseBuffersUnscaled(): void;
}

export interface FftBuffers {
  readonly time: Float32Array;
  readonly spectrum: Float32Array;
}

let pffft: Pffft | null = null;
let loading: Promise<void> | null = null;
const transforms = new Map<number, RealFft>();

/** Compiles the WebAssembly module; once per thread, before {@link createRealFft}. */
export async function loadFft(): Promise<void> {
  loading ??= (async () => {
    pffft = await createPffft();
  })();
  await loading;
}

/** True for 2^a·3^b·5^c with a >= 5. */
export function isFftSize(size: number): boolean {
  if (!Number.isInteger(size) || size < SIZE_GRAIN || size % SIZE_GRAIN !== 0) return false;
  let rest = size;
  for (const factor of [2, 3, 5]) while (rest % factor === 0) rest /= factor;
  return rest === 1;
}

/**
 * The thread's transform of `size` samples; the same object each time, so nothing needs freeing.
 * Thrown `RangeError` when {@link isFftSize} says no; `Error` when {@link loadFft} has not finished.
 */
export function createRealFft(size: number): RealFft {
  if (!isFftSize(size)) throw new RangeError(`FFT size ${String(size)} is not 2^a·3^b·5^c with a >= 5`);
  if (pffft === null) throw new Error('loadFft() must finish before createRealFft()');
  let transform = transforms.get(size);
  if (transform === undefined) {
    transform = buildTransform(pffft, size);
    transforms.set(size, transform);
  }
  return transform;
}

function buildTransform(module: Pffft, size: number): RealFft {
  const setup = module._pffft_new_setup(size, 0);
  const time = module._pffft_aligned_malloc(size * BYTES_PER_FLOAT);
  const spectrum = module._pffft_aligned_malloc((size + 2) * BYTES_PER_FLOAT);
  const work = module._pffft_aligned_malloc(size * BYTES_PER_FLOAT);
  if (setup === 0 || time === 0 || spectrum === 0 || work === 0)
    throw new Error(`no memory for an FFT of ${String(size)}`);

  let heap: Float32Array | null = null;
  let views: FftBuffers = { time: new Float32Array(0), spectrum: new Float32Array(0) };
  const buffers = (): FftBuffers => {
    if (heap !== module.HEAPF32) {
      heap = module.HEAPF32;
      const timeAt = time / BYTES_PER_FLOAT;
      const spectrumAt = spectrum / BYTES_PER_FLOAT;
      views = {
        time: heap.subarray(timeAt, timeAt + size),
        spectrum: heap.subarray(spectrumAt, spectrumAt + size + 2),
      };
    }
    return views;
  };
  const forwardBuffers = (): void => {
    module._pffft_transform_ordered(setup, time, spectrum, work, 0);
    const view = buffers().spectrum;
    view[size] = view[1] ?? 0;
    view[size + 1] = 0;
    view[1] = 0;
  };
  const inverseBuffersUnscaled = (): void => {
    const view = buffers().spectrum;
    view[1] = view[size] ?? 0;
    module._pffft_transform_ordered(setup, spectrum, time, work, 1);
  };
  return {
    size,
    buffers,
    forwardBuffers,
    inverseBuffersUnscaled,
    forward(input, output) {
      requireLengths(size, input, output);
      buffers().time.set(input);
      forwardBuffers();
      output.set(buffers().spectrum);
    },
    inverse(input, output) {
      requireLengths(size, output, input);
      buffers().spectrum.set(input);
      inverseBuffersUnscaled();
      const result = buffers().time;
      for (let n = 0; n < size; n++) output[n] = (result[n] ?? 0) / size;
    },
  };
}

function requireLengths(size: number, signal: Float32Array, spectrum: Float32Array): void {
  if (signal.length !== size || spectrum.length !== size + 2) {
    throw new RangeError(
      `an FFT of ${String(size)} takes ${String(size)} samples and ${String(size + 2)} spectrum numbers, ` +
        `not ${String(signal.length)} and ${String(spectrum.length)}`,
    );
  }
}
