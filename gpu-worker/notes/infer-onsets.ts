import { PITCHES } from './note-grid.ts';

/** Frames back that a rise is looked for; it must show against each of them. */
const LOOK_BACK_FRAMES = 2;

/**
 * Onset probabilities with those added that the network missed: where a pitch's own probability rises fast, scaled so that the
 * steepest rise counts as much as the surest onset (Bittner et al. 2022, section 2.3; note_creation.py of spotify/basic-pitch).
 *
 * @param onset, note [frames, 88]
 */
export function inferOnsets(onset: Float32Array, note: Float32Array): Float64Array {
  const onsets = Float64Array.from(onset);
  const rises = new Float64Array(note.length);
  const start = LOOK_BACK_FRAMES * PITCHES;
  let steepest = 0;
  for (let at = start; at < note.length; at++) {
    const highest = Math.max(note[at - PITCHES]!, note[at - 2 * PITCHES]!);
    const rise = Math.max(0, note[at]! - highest);
    rises[at] = rise;
    steepest = Math.max(steepest, rise);
  }
  if (steepest === 0) return onsets;
  const surest = onset.reduce((most, value) => Math.max(most, value), 0);
  for (let at = start; at < note.length; at++) {
    onsets[at] = Math.max(onsets[at]!, (surest * rises[at]!) / steepest);
  }
  return onsets;
}
