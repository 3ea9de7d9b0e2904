// Runs a network's file directly, for the plain re-implementations that separators are measured against.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Frames } from './published-stft.test-kit.ts';

export type Run = (
  feeds: Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>,
) => Promise<Record<string, Float32Array>>;

export async function openNetwork(path: string): Promise<{ readonly run: Run; readonly close: () => Promise<void> }> {
  const session = await InferenceSession.create(path);
  return {
    async run(feeds) {
      const tensors = Object.entries(feeds).map(([name, { data, shape }]) => [name, new Tensor(data, shape)] as const);
      const results = await session.run(Object.fromEntries(tensors));
      return Object.fromEntries(session.outputNames.map((name) => [name, results[name]?.data as Float32Array]));
    },
    close: () => session.release(),
  };
}

/** bins × frames, frames fastest, of frames `first` .. `first + frames`. */
export function toPlane(spectra: readonly Float64Array[], bins: number, frames = spectra.length, first = 0): number[] {
  return Array.from({ length: bins * frames }, (_, at) => spectra[first + (at % frames)]![Math.floor(at / frames)]!);
}

/** Frames of `size / 2 + 1` bins from planes that hold the lowest bins of frames `first` ..; the rest is zero. */
export function fromPlanes(
  real: Float32Array,
  imaginary: Float32Array,
  shape: {
    readonly bins: number;
    readonly frames: number;
    readonly size: number;
    readonly all?: number;
    readonly first?: number;
  },
): Frames {
  const { bins, frames, size, all = frames, first = 0 } = shape;
  const unpack = (plane: Float32Array): Float64Array[] =>
    Array.from({ length: all }, (_, t) =>
      Float64Array.from({ length: size / 2 + 1 }, (__, bin) =>
        t >= first && t < first + frames && bin < bins ? plane[bin * frames + t - first]! : 0,
      ),
    );
  return { real: unpack(real), imaginary: unpack(imaginary) };
}
