// Evens the networks' answers out before they are trusted with more than a mask.
import { CHANNELS, NETWORK_BINS, SEGMENT_FRAMES } from './spleeter-spectra.ts';

/** Every instrument is taken to have a little of every sound: hard noes of the networks are often wrong. */
const FLOOR = 0.02;

/**
 * Each instrument's share of the estimates at a bin, averaged over the frame (1/2) and its neighbours (1/4 each; the segment's ends are
 * repeated), times what all instruments together have there, and {@link FLOOR} of that again.
 * @param steady receives as many numbers per instrument as `estimates` has
 */
export function steadyEstimates(estimates: readonly Float32Array[], steady: readonly Float32Array[]): void {
  const totals = new Float64Array(NETWORK_BINS);
  const sums = new Float64Array(NETWORK_BINS);
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let frame = 0; frame < SEGMENT_FRAMES; frame++) {
      const rowOf = (at: number): number => (channel * SEGMENT_FRAMES + at) * NETWORK_BINS;
      const row = rowOf(frame);
      const earlier = rowOf(Math.max(0, frame - 1));
      const later = rowOf(Math.min(SEGMENT_FRAMES - 1, frame + 1));
      totals.fill(0);
      sums.fill(0);
      for (const [index, estimate] of estimates.entries()) {
        const target = steady[index]!;
        for (let bin = 0; bin < NETWORK_BINS; bin++) {
          const here = estimate[row + bin]!;
          const mean = here / 2 + (estimate[earlier + bin]! + estimate[later + bin]!) / 4;
          target[row + bin] = mean;
          sums[bin]! += mean;
          totals[bin]! += here;
        }
      }
      for (const target of steady) {
        for (let bin = 0; bin < NETWORK_BINS; bin++) {
          const share = sums[bin]! > 0 ? target[row + bin]! / sums[bin]! : 0;
          target[row + bin] = totals[bin]! * (share + FLOOR);
        }
      }
    }
  }
}
