// Linear-phase low-pass without delay; what it leaves is the high band, so both bands sum to the input.
import { createRealFft } from './fft.ts';

export interface LowPassOptions {
  readonly rateHz: number;
  /** Half amplitude here, -6 dB, so that the two bands cross. */
  readonly cutoffHz: number;
  /** From pass band to stop band, centred on the cutoff. */
  readonly transitionHz: number;
}

export interface LowPass {
  /** {@link lowPassReach} */
  readonly reach: number;
  /** @param input `output.length + 2·reach` samples, output[0] lying at input[reach] */
  filter(input: Float32Array, output: Float32Array): void;
}

/** Kaiser's estimates for this attenuation: β = 0.1102 (A - 8.7), taps = (A - 7.95) / (14.36 Δf / rate) + 1. */
const STOP_BAND_DB = 90;

/** Samples that an output sample needs on either side. */
export function lowPassReach({ rateHz, transitionHz }: LowPassOptions): number {
  return Math.ceil((STOP_BAND_DB - 7.95) / ((14.36 * transitionHz) / rateHz) / 2);
}

/** Kaiser-windowed sinc, overlap-save. `loadFft()` must have finished. Thrown `RangeError` for bands outside 0 .. rate/2. */
export function createLowPass(options: LowPassOptions): LowPass {
  const { rateHz, cutoffHz, transitionHz } = options;
  if (cutoffHz - transitionHz / 2 < 0 || cutoffHz + transitionHz / 2 > rateHz / 2 || transitionHz <= 0) {
    throw new RangeError(
      `a low-pass at ${String(cutoffHz)} ± ${String(transitionHz / 2)} Hz does not fit ${String(rateHz)} Hz`,
    );
  }
  const reach = lowPassReach(options);
  const taps = kaiserSinc(reach, cutoffHz / rateHz);
  // Four times the taps: three quarters of each transform are output.
  let size = 2048;
  while (size < taps.length * 4) size *= 2;
  const fft = createRealFft(size);
  const response = new Float32Array(size + 2);
  const padded = new Float32Array(size);
  padded.set(taps);
  fft.forward(padded, response);
  const step = size - 2 * reach;

  return {
    reach,
    filter(input, output) {
      if (input.length !== output.length + 2 * reach) {
        throw new RangeError(
          `${String(output.length)} samples out need ${String(output.length + 2 * reach)} in, not ${String(input.length)}`,
        );
      }
      for (let start = 0; start < output.length; start += step) {
        const { time, spectrum } = fft.buffers();
        const block = input.subarray(start, start + size);
        time.set(block);
        time.fill(0, block.length);
        fft.forwardBuffers();
        for (let at = 0; at < size + 2; at += 2) {
          const re = spectrum[at]!;
          const im = spectrum[at + 1]!;
          spectrum[at] = (re * response[at]! - im * response[at + 1]!) / size;
          spectrum[at + 1] = (re * response[at + 1]! + im * response[at]!) / size;
        }
        fft.inverseBuffersUnscaled();
        // The first 2·reach samples are wrapped round; the rest are output, delayed by the reach that the input carries in front.
        output.set(time.subarray(2 * reach, 2 * reach + Math.min(step, output.length - start)), start);
      }
    },
  };
}

/** 2·reach + 1 taps that sum to 1. */
function kaiserSinc(reach: number, cutoff: number): Float64Array {
  const beta = 0.1102 * (STOP_BAND_DB - 8.7);
  const taps = Float64Array.from({ length: 2 * reach + 1 }, (_, at) => {
    const n = at - reach;
    const sinc = n === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * n) / (Math.PI * n);
    return sinc * besselI0(beta * Math.sqrt(1 - (n / reach) ** 2));
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/** Modified Bessel function of order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
