/**
 * torch.stft and torch.istft as their documentation states them, in double precision and on textbook transforms: the yardstick that
 * shares no code with what it measures.
 */

export interface Frames {
  readonly real: readonly Float64Array[];
  readonly imaginary: readonly Float64Array[];
}

/** centre=True, pad_mode='reflect'; one-sided. `window` has as many samples as the transform. */
export function torchStft(signal: ArrayLike<number>, hop: number, window: Float64Array): Frames {
  const size = window.length;
  const length = signal.length;
  const real: Float64Array[] = [];
  const imaginary: Float64Array[] = [];
  for (let centre = 0; centre <= length; centre += hop) {
    const re = Float64Array.from(window, (w, n) => w * signal[reflect(centre - size / 2 + n, length)]!);
    const im = new Float64Array(size);
    fourier(re, im, -1);
    real.push(re.slice(0, size / 2 + 1));
    imaginary.push(im.slice(0, size / 2 + 1));
  }
  return { real, imaginary };
}

/** centre=True; (frames - 1) × hop samples. */
export function torchIstft({ real, imaginary }: Frames, hop: number, window: Float64Array): Float64Array {
  const size = window.length;
  const length = (real.length - 1) * hop;
  const sum = new Float64Array(length + size);
  const squares = new Float64Array(length + size);
  for (const [frame, half] of real.entries()) {
    const re = Float64Array.from({ length: size }, (_, k) => (k <= size / 2 ? half[k]! : half[size - k]!));
    const im = Float64Array.from({ length: size }, (_, k) =>
      k <= size / 2 ? imaginary[frame]![k]! : -imaginary[frame]![size - k]!,
    );
    im[0] = 0;
    im[size / 2] = 0;
    fourier(re, im, 1);
    for (let n = 0; n < size; n++) {
      sum[frame * hop + n]! += (re[n]! / size) * window[n]!;
      squares[frame * hop + n]! += window[n]! ** 2;
    }
  }
  return Float64Array.from({ length }, (_, n) => sum[n + size / 2]! / squares[n + size / 2]!);
}

/** Periodic Hann. */
export function hann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, n) => Math.sin((Math.PI * n) / size) ** 2);
}

/** numpy's 'reflect': the ends themselves are not repeated. */
export function reflect(index: number, length: number): number {
  const period = 2 * (length - 1);
  const n = ((index % period) + period) % period;
  return n < length ? n : period - n;
}

/** Σ x[n] e^(sign 2πi kn / size), in place, unscaled: Cooley and Tukey's decimation in time by the smallest prime factor. */
function fourier(re: Float64Array, im: Float64Array, sign: 1 | -1): void {
  const size = re.length;
  if (size === 1) return;
  let radix = 2;
  while (size % radix !== 0) radix++;
  const part = size / radix;
  const parts = Array.from({ length: radix }, (_, offset) => {
    const partRe = Float64Array.from({ length: part }, (__, n) => re[n * radix + offset]!);
    const partIm = Float64Array.from({ length: part }, (__, n) => im[n * radix + offset]!);
    fourier(partRe, partIm, sign);
    return [partRe, partIm] as const;
  });
  const { cosine, sine } = circle(size);
  for (let k = 0; k < size; k++) {
    let sumRe = 0;
    let sumIm = 0;
    for (let offset = 0; offset < radix; offset++) {
      const [partRe, partIm] = parts[offset]!;
      const turn = (offset * k) % size;
      const c = cosine[turn]!;
      const s = sign * sine[turn]!;
      sumRe += partRe[k % part]! * c - partIm[k % part]! * s;
      sumIm += partRe[k % part]! * s + partIm[k % part]! * c;
    }
    re[k] = sumRe;
    im[k] = sumIm;
  }
}

interface Circle {
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

const circles = new Map<number, Circle>();

function circle(size: number): Circle {
  const known = circles.get(size);
  if (known !== undefined) return known;
  const angles = Float64Array.from({ length: size }, (_, k) => (2 * Math.PI * k) / size);
  const made = { cosine: angles.map(Math.cos), sine: angles.map(Math.sin) };
  circles.set(size, made);
  return made;
}
