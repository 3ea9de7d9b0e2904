import type { FrameNote } from './find-frame-notes.ts';
import { BINS_PER_SEMITONE, CONTOUR_BINS } from './note-grid.ts';

/** A bend is looked for so far to either side, eight semitones and a third, … */
const REACH_BINS = 25;
/** … and the nearer the likelier: the standard deviation of a Gaussian. */
const LIKELY_BINS = 5;
const CENTS_PER_BIN = 100 / BINS_PER_SEMITONE;

const LIKELIHOOD = Float64Array.from({ length: 2 * REACH_BINS + 1 }, (_, at) =>
  Math.exp(-0.5 * ((at - REACH_BINS) / LIKELY_BINS) ** 2),
);

/**
 * How far a note is from its pitch in each of its frames, in cents: the strongest bin of the contour nearby
 * (note_creation.py of spotify/basic-pitch).
 *
 * @param contour [frames, 264]
 */
export function pitchBends(contour: Float32Array, { startFrame, endFrame, pitch }: FrameNote): number[] {
  const centre = pitch * BINS_PER_SEMITONE;
  const first = Math.max(0, centre - REACH_BINS);
  const last = Math.min(CONTOUR_BINS - 1, centre + REACH_BINS);
  const bends: number[] = [];
  for (let frame = startFrame; frame < endFrame; frame++) {
    let [best, strongest] = [first, -Infinity];
    for (let bin = first; bin <= last; bin++) {
      const value = contour[frame * CONTOUR_BINS + bin]! * LIKELIHOOD[bin - centre + REACH_BINS]!;
      if (value > strongest) [best, strongest] = [bin, value];
    }
    bends.push((best - centre) * CENTS_PER_BIN);
  }
  return bends;
}
