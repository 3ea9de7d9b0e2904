// The STFT of one fixed-length segment in the layout that separation networks take: a real and an imaginary plane, bins by frames.
import { createStft } from '../dsp/stft.ts';
import { hannPeriodic, rectangular } from '../dsp/window.ts';

export interface PlaneContract {
  readonly fftSamples: number;
  readonly hopSamples: number;
  /** `none` is torch's STFT without a window. */
  readonly window: 'hann' | 'none';
  /** Factor on the spectra: 1, or 1/√fftSamples for torch's `normalized=True`. */
  readonly scale: number;
  /** Length of a segment; a multiple of the hop. */
  readonly segmentSamples: number;
  /** Lowest bins that the network sees; it leaves no energy in the others. */
  readonly bins: number;
  /** Frames that the network sees, starting with `firstFrame`; all others are silent on the way back. */
  readonly frames: number;
  readonly firstFrame: number;
}

export interface SpectrumPlanes {
  /** Numbers of one plane: bins × frames, frames fastest. */
  readonly planeSize: number;
  /** @param segment `segmentSamples` samples, mirrored at both ends (centre, reflect). */
  forward(segment: Float32Array, real: Float32Array, imaginary: Float32Array): void;
  /** Windowed overlap-add divided by the sum of squared windows of all frames, as torch's `istft`. */
  inverse(real: Float32Array, imaginary: Float32Array, segment: Float32Array): void;
}

/** Thrown `RangeError` for a segment that is no multiple of the hop or frames outside it. `loadFft()` must have finished. */
export function createSpectrumPlanes(contract: PlaneContract): SpectrumPlanes {
  const { fftSamples, hopSamples, segmentSamples, bins, frames, firstFrame } = contract;
  const allFrames = segmentSamples / hopSamples + 1;
  if (!Number.isInteger(allFrames) || firstFrame + frames > allFrames || bins > fftSamples / 2 + 1) {
    throw new RangeError(
      `${String(bins)} bins and frames ${String(firstFrame)} .. ${String(firstFrame + frames)} do not fit into ` +
        `${String(segmentSamples)} samples with an FFT of ${String(fftSamples)} and hop ${String(hopSamples)}`,
    );
  }
  const margin = fftSamples / 2;
  const window = (contract.window === 'hann' ? hannPeriodic(fftSamples) : rectangular(fftSamples)).map(
    (w) => w * contract.scale,
  );
  const stft = createStft({ size: fftSamples, hop: hopSamples, window, pad: 'none' });
  const framed = new Float32Array(segmentSamples + fftSamples);
  const frame = new Float32Array(stft.stride);
  const gain = inverseSquares(window, hopSamples, allFrames, framed.length);

  return {
    planeSize: bins * frames,
    forward(segment, real, imaginary) {
      framed.set(segment, margin);
      for (let n = 1; n <= margin; n++) {
        framed[margin - n] = segment[n]!;
        framed[margin + segmentSamples - 1 + n] = segment[segmentSamples - 1 - n]!;
      }
      for (let t = 0; t < frames; t++) {
        stft.analyse(framed, (firstFrame + t) * hopSamples, frame, 0);
        for (let bin = 0, at = t; bin < bins; bin++, at += frames) {
          real[at] = frame[2 * bin]!;
          imaginary[at] = frame[2 * bin + 1]!;
        }
      }
    },
    inverse(real, imaginary, segment) {
      framed.fill(0);
      frame.fill(0);
      for (let t = 0; t < frames; t++) {
        for (let bin = 0, at = t; bin < bins; bin++, at += frames) {
          frame[2 * bin] = real[at]!;
          frame[2 * bin + 1] = imaginary[at]!;
        }
        stft.synthesise(frame, 0, framed, (firstFrame + t) * hopSamples);
      }
      for (let n = 0; n < segmentSamples; n++) segment[n] = framed[margin + n]! * gain[margin + n]!;
    },
  };
}

function inverseSquares(window: Float32Array, hop: number, frames: number, length: number): Float32Array {
  const squares = new Float64Array(length);
  for (let t = 0; t < frames; t++) {
    for (let n = 0; n < window.length; n++) squares[t * hop + n]! += window[n]! * window[n]!;
  }
  // Where no window reaches there is nothing to divide; torch refuses such windows, and none of the contracts has them.
  return Float32Array.from(squares, (sum) => (sum > Number.EPSILON ? 1 / sum : 0));
}
