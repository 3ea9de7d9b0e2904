// Fewer samples a second, for analyses that need no treble.

/** Zero crossings of the sinc on each side of its middle. */
const CROSSINGS = 12;
/** The pass band ends here, as a share of the new Nyquist frequency; what folds back lies above it. */
const PASS_SHARE = 0.88;

/**
 * Every `factor`-th sample of the signal behind a linear-phase low pass (sinc under a Blackman window), without delay: output n lies at
 * input n·factor. Frequencies below 0.7 of the new
 * Nyquist frequency keep their level within 0.1 dB; what would fold onto them is 70 dB down.
 *
 * @param factor a whole number from 1 on; 1 gives the signal itself
 */
export function decimate(signal: Float32Array, factor: number): Float32Array {
  if (!Number.isInteger(factor) || factor < 1) throw new RangeError(`decimation by ${String(factor)}`);
  if (factor === 1) return signal;
  const taps = lowPass(factor);
  const output = new Float32Array(Math.ceil(signal.length / factor));
  for (let n = 0; n < output.length; n++) output[n] = filtered(signal, n * factor, taps);
  return output;
}

function filtered(signal: Float32Array, at: number, taps: Float64Array): number {
  const reach = taps.length - 1;
  let sum = taps[0]! * signal[at]!;
  if (at >= reach && at + reach < signal.length) {
    for (let k = 1; k <= reach; k++) sum += taps[k]! * (signal[at - k]! + signal[at + k]!);
  } else {
    for (let k = 1; k <= reach; k++) sum += taps[k]! * ((signal[at - k] ?? 0) + (signal[at + k] ?? 0));
  }
  return sum;
}

/** The middle tap and those on its right; all taps together sum to 1. */
function lowPass(factor: number): Float64Array {
  const reach = CROSSINGS * factor;
  const taps = new Float64Array(reach + 1);
  let sum = 0;
  for (let k = 0; k <= reach; k++) {
    const x = (Math.PI * PASS_SHARE * k) / factor;
    const phase = (Math.PI * k) / (reach + 1);
    const window = 0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase);
    taps[k] = (k === 0 ? 1 : Math.sin(x) / x) * window;
    sum += k === 0 ? taps[k]! : 2 * taps[k]!;
  }
  return taps.map((tap) => tap / sum);
}
