// Short-time Fourier transform in the conventions that published separators were trained with.
import { createRealFft } from './fft.ts';

/**
 * How a signal's ends are framed. `none`: frames lie wholly inside the signal. `centre-reflect`, `centre-zero`: size/2 samples are put
 * before and after it, mirrored about the end samples or zero, so that frame f is centred on sample f·hop (torch's `center=True`).
 */
export type StftPad = 'none' | 'centre-reflect' | 'centre-zero';

export interface StftOptions {
  /** Samples of a frame, an allowed FFT size. */
  readonly size: number;
  readonly hop: number;
  /**
   * `size` numbers, used before the transform and after the inverse. A window times s scales the spectra by s and still inverts
   * exactly: 1/√size gives torch's `normalized=True`.
   */
  readonly window: Float32Array;
  readonly pad: StftPad;
}

/** Spectra are frame after frame, each `stride` = size + 2 numbers: re, im of size/2 + 1 bins. */
export interface Stft {
  readonly size: number;
  readonly hop: number;
  readonly bins: number;
  readonly stride: number;
  /** Frames that a signal of so many samples gives. */
  frameCount(samples: number): number;
  /**
   * @param spectra receives frameCount(signal.length) frames; made when left out.
   * Thrown `RangeError` when a mirrored end needs more than the signal has.
   */
  forward(signal: Float32Array, spectra?: Float32Array): Float32Array;
  /**
   * Least-squares inverse (Griffin and Lim 1984, eq. 6: windowed overlap-add divided by the sum of squared windows), 0 where no window reaches.
   * @param samples length of the signal that the spectra came from
   */
  inverse(spectra: Float32Array, samples: number): Float32Array;
  /** One frame: windows signal[start .. start + size), zeros outside the signal, and transforms it into spectra at offset `at`. */
  analyse(signal: Float32Array, start: number, spectra: Float32Array, at: number): void;
  /** One frame back: adds the windowed inverse of spectra at offset `at` to output[start .. start + size), dropping what lies outside. */
  synthesise(spectra: Float32Array, at: number, output: Float32Array, start: number): void;
}

/** Thrown `RangeError` for a window of another length than `size`, or a hop outside 1 .. size. `loadFft()` must have finished. */
export function createStft(options: StftOptions): Stft {
  const { size, hop, window, pad } = options;
  if (window.length !== size)
    throw new RangeError(`a window of ${String(window.length)} for frames of ${String(size)}`);
  if (!Number.isInteger(hop) || hop < 1 || hop > size)
    throw new RangeError(`hop ${String(hop)} is not in 1 .. ${String(size)}`);
  const fft = createRealFft(size);
  const stride = size + 2;
  const margin = pad === 'none' ? 0 : size / 2;
  const synthesisWindow = window.map((w) => w / size);

  const frameCount = (samples: number): number => Math.max(0, Math.floor((samples + 2 * margin - size) / hop) + 1);

  const analyse = (signal: Float32Array, start: number, spectra: Float32Array, at: number): void => {
    const { time, spectrum } = fft.buffers();
    const from = Math.min(size, Math.max(0, -start));
    const to = Math.max(from, Math.min(size, signal.length - start));
    time.fill(0, 0, from);
    for (let n = from; n < to; n++) time[n] = signal[start + n]! * window[n]!;
    time.fill(0, to, size);
    fft.forwardBuffers();
    spectra.set(spectrum, at);
  };

  const synthesise = (spectra: Float32Array, at: number, output: Float32Array, start: number): void => {
    const { time, spectrum } = fft.buffers();
    spectrum.set(spectra.subarray(at, at + stride));
    fft.inverseBuffersUnscaled();
    const to = Math.min(size, output.length - start);
    for (let n = Math.max(0, -start); n < to; n++) output[start + n]! += time[n]! * synthesisWindow[n]!;
  };

  return {
    size,
    hop,
    bins: size / 2 + 1,
    stride,
    frameCount,
    analyse,
    synthesise,
    forward(signal, spectra = new Float32Array(frameCount(signal.length) * stride)) {
      const framed = pad === 'centre-reflect' ? mirrorEnds(signal, margin) : signal;
      const first = pad === 'centre-zero' ? -margin : 0;
      const frames = frameCount(signal.length);
      for (let frame = 0; frame < frames; frame++) analyse(framed, first + frame * hop, spectra, frame * stride);
      return spectra;
    },
    inverse(spectra, samples) {
      const output = new Float32Array(samples);
      const squares = new Float64Array(samples);
      const frames = frameCount(samples);
      for (let frame = 0; frame < frames; frame++) {
        const start = frame * hop - margin;
        synthesise(spectra, frame * stride, output, start);
        const to = Math.min(size, samples - start);
        for (let n = Math.max(0, -start); n < to; n++) squares[start + n]! += window[n]! * window[n]!;
      }
      for (let n = 0; n < samples; n++) output[n] = squares[n]! > MINIMUM_SQUARES ? output[n]! / squares[n]! : 0;
      return output;
    },
  };
}

/** Below this the quotient would only blow rounding noise up. */
const MINIMUM_SQUARES = 1e-11;

function mirrorEnds(signal: Float32Array, margin: number): Float32Array {
  const { length } = signal;
  if (length <= margin) {
    throw new RangeError(`${String(length)} samples cannot be mirrored by ${String(margin)}`);
  }
  const framed = new Float32Array(length + 2 * margin);
  framed.set(signal, margin);
  for (let n = 1; n <= margin; n++) {
    framed[margin - n] = signal[n]!;
    framed[margin + length - 1 + n] = signal[length - 1 - n]!;
  }
  return framed;
}
