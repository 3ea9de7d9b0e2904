/** Second-order IIR sections in double precision. */

/** `y[n] = b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]`. */
export interface BiquadCoefficients {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

export interface Biquad {
  /** Filters `input` into `output` (may be the same array) and keeps the state for the next block. */
  process(input: Float32Array | Float64Array, output: Float32Array | Float64Array): void;
}

/** Transposed direct form II, for one channel; starts at rest. */
export function createBiquad({ b0, b1, b2, a1, a2 }: BiquadCoefficients): Biquad {
  let s1 = 0;
  let s2 = 0;
  return {
    process(input, output) {
      for (let index = 0; index < input.length; index++) {
        const x = input[index] as number;
        const y = b0 * x + s1;
        s1 = b1 * x - a1 * y + s2;
        s2 = b2 * x - a2 * y;
        output[index] = y;
      }
    },
  };
}

/** Magnitude of the transfer function at a frequency, as a factor. */
export function biquadMagnitude(coefficients: BiquadCoefficients, frequencyHz: number, rateHz: number): number {
  const { b0, b1, b2, a1, a2 } = coefficients;
  const w = (2 * Math.PI * frequencyHz) / rateHz;
  const numerator = Math.hypot(b0 + b1 * Math.cos(w) + b2 * Math.cos(2 * w), b1 * Math.sin(w) + b2 * Math.sin(2 * w));
  const denominator = Math.hypot(1 + a1 * Math.cos(w) + a2 * Math.cos(2 * w), a1 * Math.sin(w) + a2 * Math.sin(2 * w));
  return numerator / denominator;
}
