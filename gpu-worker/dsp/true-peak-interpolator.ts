/**
 * The oversampling filter of the true-peak meter: a 49-tap Hann-windowed sinc with its zeros on the input's samples, so the
 * outputs on the samples are the samples themselves. The others lie between two neighbours, and the filter is symmetric:
 * taken in pairs outwards from those two, one loop over sums and differences gives all of them.
 */

const TAPS = 49;

export interface Interpolator {
  /** Pairs of samples that an output is made of. */
  readonly pairs: number;
  /** Halfway: `sum of middle[k] * (left[-k] + right[k])`. */
  readonly middle: Float64Array;
  /**
   * A quarter of the way from either side: `a ± b` with `a = sum of even[k] * (left[-k] + right[k])` and
   * `b = sum of odd[k] * (left[-k] - right[k])`. Zeros where the factor is 2.
   */
  readonly even: Float64Array;
  readonly odd: Float64Array;
  /** Most that an output can be per unit of its largest sample: all pairs, and all but the two inner ones. */
  readonly gain: number;
  readonly outerGain: number;
}

/** `factor`: 2 or 4 outputs per sample. */
export function createInterpolator(factor: 2 | 4): Interpolator {
  const pairs = Math.floor(TAPS / factor / 2);
  /** The tap for a sample `distance` samples away. */
  const tap = (distance: number): number => windowedSinc(distance * factor, factor);
  const table = (value: (pair: number) => number): Float64Array =>
    Float64Array.from({ length: pairs }, (_, k) => value(k));
  const quarter = factor === 4 ? 1 : 0;
  const near = table((k) => quarter * tap(k + 0.25));
  const far = table((k) => quarter * tap(k + 0.75));
  const middle = table((k) => tap(k + 0.5));
  const gainFrom = (first: number): number =>
    Math.max(
      middle.slice(first).reduce((sum, value) => sum + 2 * Math.abs(value), 0),
      near.slice(first).reduce((sum, value, k) => sum + Math.abs(value) + Math.abs(far[first + k] as number), 0),
    );
  return {
    pairs,
    middle,
    even: near.map((value, k) => (value + (far[k] as number)) / 2),
    odd: near.map((value, k) => (value - (far[k] as number)) / 2),
    gain: gainFrom(0),
    outerGain: gainFrom(2),
  };
}

/** `position`: in samples of the output, from the filter's centre. */
function windowedSinc(position: number, factor: number): number {
  const x = (position * Math.PI) / factor;
  return ((0.5 + 0.5 * Math.cos((2 * Math.PI * position) / (TAPS - 1))) * Math.sin(x)) / x;
}
