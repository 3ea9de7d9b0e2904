// Spleeter's soft masks, a row of bins at a time.
import { NETWORK_BINS } from './spleeter-spectra.ts';

/** Keeps the masks defined in silence; Spleeter's value, split evenly between the instruments. */
const EPSILON = 1e-10;

/**
 * mask = (e² + ε/n) / (Σ e² + ε) for the n instruments of one frame and channel; they sum to 1.
 * @param row where the frame's first bin lies in each estimate @param masks receives a row per instrument
 */
export function fillMaskRows(estimates: readonly Float32Array[], row: number, masks: readonly Float64Array[]): void {
  const share = EPSILON / estimates.length;
  const [inverse, ...others] = masks;
  // The first row holds 1 / Σ until the others are done with it.
  inverse!.fill(EPSILON);
  for (const estimate of estimates) {
    for (let bin = 0; bin < NETWORK_BINS; bin++) inverse![bin]! += estimate[row + bin]! * estimate[row + bin]!;
  }
  for (let bin = 0; bin < NETWORK_BINS; bin++) inverse![bin] = 1 / inverse![bin]!;
  for (const [index, mask] of others.entries()) {
    const estimate = estimates[index + 1]!;
    for (let bin = 0; bin < NETWORK_BINS; bin++) {
      mask[bin] = (estimate[row + bin]! * estimate[row + bin]! + share) * inverse![bin]!;
    }
  }
  const first = estimates[0]!;
  for (let bin = 0; bin < NETWORK_BINS; bin++) inverse![bin]! *= first[row + bin]! * first[row + bin]! + share;
}

export function createMaskRows(instruments: number): readonly Float64Array[] {
  return Array.from({ length: instruments }, () => new Float64Array(NETWORK_BINS));
}
