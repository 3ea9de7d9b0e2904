import { melFilters } from '../dsp/mel-filters.ts';
import { createStft } from '../dsp/stft.ts';
import { hannPeriodic } from '../dsp/window.ts';
import { FRAME_SAMPLES, HOP_SAMPLES, MEL_BANDS, STYLE_RATE_HZ, WINDOW_FRAMES } from './style-grid.ts';

/** Before the logarithm; what is much fainter than its inverse counts as silence. */
const LOG_FACTOR = 10_000;

/** The log-mel spectrogram that musicnn was trained on: powers in triangles of area 1, log10(1 + 10000 x). */
export interface StyleSpectrogram {
  /**
   * @param samples of one window, from half a frame before its first frame's centre on
   * @returns [187, 96]
   */
  compute(samples: Float32Array): Float32Array;
}

/** `loadFft()` must have finished. */
export function createStyleSpectrogram(): StyleSpectrogram {
  const stft = createStft({ size: FRAME_SAMPLES, hop: HOP_SAMPLES, window: hannPeriodic(FRAME_SAMPLES), pad: 'none' });
  const filters = melFilters(MEL_BANDS, STYLE_RATE_HZ, FRAME_SAMPLES);
  const spectrum = new Float32Array(stft.stride);
  const powers = new Float64Array(stft.bins);
  return {
    compute(samples) {
      const frames = new Float32Array(WINDOW_FRAMES * MEL_BANDS);
      for (let frame = 0; frame < WINDOW_FRAMES; frame++) {
        stft.analyse(samples, frame * HOP_SAMPLES, spectrum, 0);
        for (let bin = 0; bin < stft.bins; bin++) powers[bin] = spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
        for (let band = 0; band < MEL_BANDS; band++) {
          const { firstBin, weights } = filters[band]!;
          let sum = 0;
          for (let index = 0; index < weights.length; index++) sum += weights[index]! * powers[firstBin + index]!;
          frames[frame * MEL_BANDS + band] = Math.log10(1 + LOG_FACTOR * sum);
        }
      }
      return frames;
    },
  };
}
