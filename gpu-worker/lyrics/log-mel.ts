/** What Whisper hears: the power in 80 mel bands every 10 ms, as a logarithm. */
import { loadFft } from '../dsp/fft.ts';
import { melFilters } from '../dsp/mel-filters.ts';
import { createStft } from '../dsp/stft.ts';
import { hannPeriodic } from '../dsp/window.ts';

export const LISTENING_RATE_HZ = 16_000;
export const MEL_BANDS = 80;
export const FRAMES_PER_SECOND = 100;
const HOP = LISTENING_RATE_HZ / FRAMES_PER_SECOND;
const FRAME = 400;
/** The transform takes no 400 samples. Of one twice as long over the same samples and zeros, every other bin is the same. */
const SIZE = 2 * FRAME;
const LEAST_POWER = 1e-10;
/** Of decades below the loudest; quieter counts as that. */
const DEPTH = 8;

export interface LogMel {
  /** Band after band, `frames` numbers each. */
  readonly values: Float32Array;
  readonly frames: number;
}

/**
 * Radford et al. 2022, section 2.2, to the letter of openai/whisper's audio.py: frames of 25 ms every 10 ms, centred on their time
 * with the beginning mirrored; log10 of the bands' powers, at most 8 below the song's highest, plus 4, over 4.
 * @param samples mono at 16 kHz
 * @returns one frame for each whole 10 ms
 */
export async function logMel(samples: Float32Array): Promise<LogMel> {
  await loadFft();
  const frames = Math.floor(samples.length / HOP);
  const values = new Float32Array(MEL_BANDS * frames);
  if (frames === 0) return { values, frames };

  const half = FRAME / 2;
  const beginning = new Float32Array(half + SIZE);
  for (let n = 1; n <= half; n++) beginning[half - n] = samples[n] ?? 0;
  beginning.set(samples.subarray(0, SIZE), half);
  const window = new Float32Array(SIZE);
  window.set(hannPeriodic(FRAME));
  const stft = createStft({ size: SIZE, hop: HOP, window, pad: 'none' });
  const filters = melFilters(MEL_BANDS, LISTENING_RATE_HZ, FRAME);
  const spectrum = new Float32Array(stft.stride);
  const powers = new Float64Array(half + 1);
  let highest = -Infinity;
  for (let frame = 0; frame < frames; frame++) {
    const start = frame * HOP - half;
    if (start < 0) stft.analyse(beginning, start + half, spectrum, 0);
    else stft.analyse(samples, start, spectrum, 0);
    for (let bin = 0; bin <= half; bin++) powers[bin] = spectrum[4 * bin]! ** 2 + spectrum[4 * bin + 1]! ** 2;
    for (let band = 0; band < MEL_BANDS; band++) {
      const { firstBin, weights } = filters[band]!;
      let sum = 0;
      for (let index = 0; index < weights.length; index++) sum += weights[index]! * powers[firstBin + index]!;
      const value = Math.log10(Math.max(sum, LEAST_POWER));
      values[band * frames + frame] = value;
      highest = Math.max(highest, value);
    }
  }
  for (let n = 0; n < values.length; n++) values[n] = (Math.max(values[n]!, highest - DEPTH) + 4) / 4;
  return { values, frames };
}

/** Frames `from` to `to` of the bands, followed by zeros up to `length` frames, as the model was trained with. */
export function melWindow(mel: LogMel, from: number, to: number, length: number): Float32Array {
  const window = new Float32Array(MEL_BANDS * length);
  for (let band = 0; band < MEL_BANDS; band++) {
    const start = band * mel.frames;
    window.set(mel.values.subarray(start + from, start + Math.min(to, mel.frames, from + length)), band * length);
  }
  return window;
}
