// Window and fade curves.

/**
 * 0.5 - 0.5 cos(2πn/length): one period of the raised cosine, whose shifts by length/2, length/4, … sum to a constant.
 * What TensorFlow and torch call a Hann window.
 */
export function hannPeriodic(length: number): Float32Array {
  return raisedCosine(length, length);
}

/** 0.5 - 0.5 cos(2πn/(length - 1)): zero at both ends, as `numpy.hanning`; a single 1 for length 1. */
export function hannSymmetric(length: number): Float32Array {
  return length === 1 ? Float32Array.of(1) : raisedCosine(length, length - 1);
}

/** All ones: no window. */
export function rectangular(length: number): Float32Array {
  return new Float32Array(length).fill(1);
}

/** Square root of the periodic Hann window: its square sums to a constant, for windowing both before and after a transform. */
export function sqrtHannPeriodic(length: number): Float32Array {
  return raisedCosine(length, length).map(Math.sqrt);
}

/**
 * Rising half of a raised cosine at half-sample points: fadeIn[n] + fadeIn[length - 1 - n] = 1, so that a fade-in and a reversed one
 * cross over without a dip.
 */
export function fadeIn(length: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((Math.PI * (n + 0.5)) / length));
}

function raisedCosine(length: number, period: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / period));
}
