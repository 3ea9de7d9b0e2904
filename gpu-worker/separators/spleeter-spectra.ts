// Spleeter's own STFT: 512 frames of 4096 samples, hop 1024, periodic Hann, both ways; the networks see the first 1024 bins.
import { createRealFft } from '../dsp/fft.ts';
import { hannPeriodic } from '../dsp/window.ts';
import type { Channels } from '../models/separator.ts';

export const FRAME_SIZE = 4096;
export const HOP = 1024;
/** Frames that a network sees at once. */
export const SEGMENT_FRAMES = 512;
/** Bins that a network sees: up to 11,025 Hz. */
export const NETWORK_BINS = 1024;
export const SPECTRUM_BINS = FRAME_SIZE / 2 + 1;
export const CHANNELS = 2;

/** Twice a Hann window at a quarter hop sums to 3/2. */
const WINDOW_COMPENSATION = 2 / 3;

/** Samples that `frames` overlapping frames cover. */
export function samplesOfFrames(frames: number): number {
  return (frames - 1) * HOP + FRAME_SIZE;
}

/** Spectra of `frames` frames of two channels, `bins` bins each, interleaved re, im; channel after channel, frame after frame. */
export interface StereoSpectra {
  readonly frames: number;
  readonly bins: number;
  readonly values: Float32Array;
}

export function createStereoSpectra(frames: number, bins: number): StereoSpectra {
  return { frames, bins, values: new Float32Array(CHANNELS * frames * bins * 2) };
}

export interface SpectrumCodec {
  /** Frame f begins at sample `start + f·HOP` of the signals, zeros where these do not reach. */
  analyse(signals: Channels, start: number, spectra: StereoSpectra): void;
  /** Where the caller writes a whole spectrum, {@link FRAME_SIZE} + 2 numbers re, im, for the next {@link addFrame}. */
  spectrum(): Float32Array;
  /** Adds the inverse of that spectrum to `output` at `start`, dropping what lies outside. */
  addFrame(output: Float32Array, start: number): void;
}

/** `loadFft()` must have finished. */
export function createSpectrumCodec(): SpectrumCodec {
  const fft = createRealFft(FRAME_SIZE);
  const window = hannPeriodic(FRAME_SIZE);
  const synthesisWindow = window.map((w) => (w * WINDOW_COMPENSATION) / FRAME_SIZE);
  return {
    analyse(signals, start, { frames, bins, values }) {
      const { time, spectrum } = fft.buffers();
      const kept = spectrum.subarray(0, bins * 2);
      let at = 0;
      for (const signal of signals) {
        for (let frame = 0; frame < frames; frame++) {
          takeFrame(signal, start + frame * HOP, window, time);
          fft.forwardBuffers();
          values.set(kept, at);
          at += bins * 2;
        }
      }
    },
    spectrum: () => fft.buffers().spectrum,
    addFrame(output, start) {
      fft.inverseBuffersUnscaled();
      overlapAdd(fft.buffers().time, synthesisWindow, output, start);
    },
  };
}

// Loops over samples and bins stand in functions of their own that are called once a frame: V8 compiles those once and well, where
// the code of a long-running caller may stay in a lesser tier, at a third of the speed.

function takeFrame(signal: Float32Array, offset: number, window: Float32Array, time: Float32Array): void {
  const from = Math.min(FRAME_SIZE, Math.max(0, -offset));
  const to = Math.max(from, Math.min(FRAME_SIZE, signal.length - offset));
  time.fill(0, 0, from);
  for (let n = from; n < to; n++) time[n] = signal[offset + n]! * window[n]!;
  time.fill(0, to, FRAME_SIZE);
}

function overlapAdd(time: Float32Array, window: Float32Array, output: Float32Array, start: number): void {
  const to = Math.min(FRAME_SIZE, output.length - start);
  for (let n = Math.max(0, -start); n < to; n++) output[start + n]! += time[n]! * window[n]!;
}

/** |X| of the first 1024 bins, in the networks' layout [channel, frame, bin]. */
export function networkMagnitude(spectra: StereoSpectra, magnitude: Float32Array): void {
  const { bins, values } = spectra;
  const rows = CHANNELS * spectra.frames;
  for (let row = 0; row < rows; row++) fillMagnitudeRow(values, row * bins * 2, magnitude, row * NETWORK_BINS);
}

function fillMagnitudeRow(values: Float32Array, from: number, magnitude: Float32Array, at: number): void {
  for (let bin = 0; bin < NETWORK_BINS; bin++) {
    const re = values[from + 2 * bin]!;
    const im = values[from + 2 * bin + 1]!;
    magnitude[at + bin] = Math.sqrt(re * re + im * im);
  }
}

/** Stems of a window, in memory that is kept from window to window. */
export interface StemBuffers {
  /** Silence, `length` samples of each channel of each stem. */
  take(length: number): readonly Channels[];
}

export function createStemBuffers(stems: number): StemBuffers {
  const most = samplesOfFrames(SEGMENT_FRAMES);
  const buffers = Array.from({ length: stems * CHANNELS }, () => new Float32Array(most));
  return {
    take: (length) =>
      Array.from({ length: stems }, (_, stem) =>
        buffers.slice(stem * CHANNELS, (stem + 1) * CHANNELS).map((buffer) => buffer.subarray(0, length).fill(0)),
      ),
  };
}
