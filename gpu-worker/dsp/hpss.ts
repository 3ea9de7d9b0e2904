// Masks that part sustained from struck sound (Fitzgerald 2010, "Harmonic/percussive separation using median filtering", DAFx).
import { medianAcrossRows, medianAlongRows } from './median.ts';

export interface HarmonicMaskOptions {
  readonly bins: number;
  /** Frames of the median along time; odd. */
  readonly timeWidth: number;
  /** Bins of the median along frequency; odd. */
  readonly frequencyWidth: number;
}

/** Frames of magnitudes that the mask of one frame needs before it, and after it. */
export function maskContextFrames(options: HarmonicMaskOptions): number {
  return (options.timeWidth - 1) / 2;
}

/**
 * Soft mask of the sustained part, H² / (H² + P²) (eq. 10 and 11), with H the median along time and P along frequency; what is left,
 * 1 - mask, is the struck part. Where both medians are 0 the mask is 1/2.
 *
 * @param magnitudes `frames` × `bins`
 * @returns masks of frames `context` .. `frames - 1 - context`, 0 to 1
 */
export function harmonicMask(magnitudes: Float32Array, frames: number, options: HarmonicMaskOptions): Float32Array {
  const { bins } = options;
  const context = maskContextFrames(options);
  const masked = frames - 2 * context;
  const mask = new Float32Array(masked * bins);
  const percussive = new Float32Array(masked * bins);
  medianAcrossRows(magnitudes, frames, bins, options.timeWidth, mask);
  medianAlongRows(
    magnitudes.subarray(context * bins, (context + masked) * bins),
    masked,
    bins,
    options.frequencyWidth,
    percussive,
  );
  for (let n = 0; n < mask.length; n++) {
    const h = mask[n]! * mask[n]!;
    const p = percussive[n]! * percussive[n]!;
    mask[n] = h + p > 0 ? h / (h + p) : 0.5;
  }
  return mask;
}
