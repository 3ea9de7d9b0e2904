import { melFilters } from '../dsp/mel-filters.ts';
import { createStft } from '../dsp/stft.ts';
import { hannPeriodic } from '../dsp/window.ts';
import { BEAT_RATE_HZ, FRAME_SAMPLES, HOP_SAMPLES, MEL_BANDS } from './beat-grid.ts';

const LOWEST_HZ = 30;
const HIGHEST_HZ = 11_000;
/** Before the logarithm; what is much fainter than its inverse counts as silence. */
const LOG_FACTOR = 1000;

/**
 * The log-mel spectrogram that Beat This was trained on (Foscarin, Schlüter and Widmer 2024; CPJKU/beat_this preprocessing.py): magnitudes over the
 * root of the frame's length, in triangles of height 1, log(1 + 1000 x).
 */
export interface BeatSpectrogram {
  /**
   * @param samples from half a frame before the first frame's centre to half a frame behind the last one's
   * @param frames receives [number of frames, 128]; that many are computed
   */
  compute(samples: Float32Array, frames: Float32Array): void;
}

/** `loadFft()` must have finished. */
export function createBeatSpectrogram(): BeatSpectrogram {
  const scale = 1 / Math.sqrt(FRAME_SAMPLES);
  const window = hannPeriodic(FRAME_SAMPLES).map((w) => w * scale);
  const stft = createStft({ size: FRAME_SAMPLES, hop: HOP_SAMPLES, window, pad: 'none' });
  const filters = melFilters(MEL_BANDS, BEAT_RATE_HZ, FRAME_SAMPLES, {
    lowestHz: LOWEST_HZ,
    highestHz: HIGHEST_HZ,
    unit: 'height',
  });
  const spectrum = new Float32Array(stft.stride);
  const magnitudes = new Float64Array(stft.bins);
  return {
    compute(samples, frames) {
      for (let frame = 0; frame * MEL_BANDS < frames.length; frame++) {
        stft.analyse(samples, frame * HOP_SAMPLES, spectrum, 0);
        for (let bin = 0; bin < stft.bins; bin++) {
          magnitudes[bin] = Math.sqrt(spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2);
        }
        for (let band = 0; band < MEL_BANDS; band++) {
          const { firstBin, weights } = filters[band]!;
          let sum = 0;
          for (let index = 0; index < weights.length; index++) sum += weights[index]! * magnitudes[firstBin + index]!;
          frames[frame * MEL_BANDS + band] = Math.log1p(LOG_FACTOR * sum);
        }
      }
    },
  };
}
