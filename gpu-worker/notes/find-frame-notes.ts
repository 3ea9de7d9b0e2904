/** Notes in frames, out of the network's probabilities: note_creation.py of spotify/basic-pitch 0.4.0, step by step. */
import { inferOnsets } from './infer-onsets.ts';
import { LOWEST_PITCH_MIDI, NOTE_RATE_HZ, PITCHES } from './note-grid.ts';
import type { NoteOptions } from './note-options.ts';
import type { Posteriors } from './posteriors.ts';

export interface FrameNote {
  readonly startFrame: number;
  /** The first frame after it. */
  readonly endFrame: number;
  /** 0 to 87, from A0. */
  readonly pitch: number;
  /** Mean probability of the pitch over the note's frames. */
  readonly amplitude: number;
}

/** A note ends before the first so many frames below the threshold in a row. */
const ENERGY_TOLERANCE_FRAMES = 11;
const FRAMES_PER_SECOND = NOTE_RATE_HZ / 256;

/** Those with an onset of their own, the latest first; then those without, the most probable first. */
export function findFrameNotes(
  { frames, ...posteriors }: Omit<Posteriors, 'contour'>,
  options: NoteOptions,
): readonly FrameNote[] {
  const { onsetThreshold, frameThreshold } = options;
  const shortestFrames = Math.round(options.shortestSeconds * FRAMES_PER_SECOND);
  const note = withinRange(posteriors.note, options);
  const onsets = inferOnsets(withinRange(posteriors.onset, options), note);
  /** Probabilities that no note has taken yet. */
  const remaining = note.slice();
  const lastFrame = frames - 1;
  const notes: FrameNote[] = [];

  function take(frame: number, pitch: number): void {
    const at = frame * PITCHES + pitch;
    remaining[at] = 0;
    if (pitch > 0) remaining[at - 1] = 0;
    if (pitch < PITCHES - 1) remaining[at + 1] = 0;
  }

  /** Steps from `from` until too many frames in a row are weak or `limit` is reached. `weak` counts those at the end. */
  function grow(
    from: number,
    limit: number,
    pitch: number,
    visit?: (frame: number) => void,
  ): [end: number, weak: number] {
    const step = Math.sign(limit - from);
    let [frame, weak] = [from, 0];
    for (; (limit - frame) * step > 0 && weak < ENERGY_TOLERANCE_FRAMES; frame += step) {
      weak = remaining[frame * PITCHES + pitch]! < frameThreshold ? weak + 1 : 0;
      visit?.(frame);
    }
    return [frame, weak];
  }

  function add(startFrame: number, endFrame: number, pitch: number): void {
    let sum = 0;
    for (let frame = startFrame; frame < endFrame; frame++) sum += note[frame * PITCHES + pitch]!;
    notes.push({ startFrame, endFrame, pitch, amplitude: sum / (endFrame - startFrame) });
  }

  for (let at = onsets.length - PITCHES - 1; at >= PITCHES; at--) {
    const value = onsets[at]!;
    if (value < onsetThreshold || value <= onsets[at - PITCHES]! || value <= onsets[at + PITCHES]!) continue;
    const startFrame = Math.floor(at / PITCHES);
    const pitch = at % PITCHES;
    const [end, weak] = grow(startFrame + 1, lastFrame, pitch);
    const endFrame = end - weak;
    if (endFrame - startFrame <= shortestFrames) continue;
    for (let frame = startFrame; frame < endFrame; frame++) take(frame, pitch);
    add(startFrame, endFrame, pitch);
  }
  if (!options.melodia) return notes;

  // Sorted once: while notes are taken, probabilities only ever fall to 0.
  for (const at of strongestFirst(remaining, frameThreshold)) {
    if (remaining[at] === 0) continue;
    const middle = Math.floor(at / PITCHES);
    const pitch = at % PITCHES;
    // Its neighbours stay: the original clears them only from the next frames on.
    remaining[at] = 0;
    const clear = (frame: number): void => take(frame, pitch);
    const [end, weakAfter] = grow(middle + 1, Math.max(middle + 1, lastFrame), pitch, clear);
    const [start, weakBefore] = grow(middle - 1, Math.min(middle - 1, 0), pitch, clear);
    const endFrame = end - 1 - weakAfter;
    const startFrame = start + 1 + weakBefore;
    if (endFrame - startFrame > shortestFrames) add(startFrame, endFrame, pitch);
  }
  return notes;
}

/** A copy, zero where the pitch is not wanted. */
function withinRange(plane: Float32Array, { pitchRange }: NoteOptions): Float32Array {
  const lowest = pitchRange.lowest - LOWEST_PITCH_MIDI;
  const highest = pitchRange.highest - LOWEST_PITCH_MIDI;
  return plane.map((value, at) => (at % PITCHES >= lowest && at % PITCHES <= highest ? value : 0));
}

/** Indices of the values above the threshold; of equal ones the first comes first. */
function strongestFirst(values: Float32Array, threshold: number): Uint32Array {
  const strong: number[] = [];
  for (let at = 0; at < values.length; at++) if (values[at]! > threshold) strong.push(at);
  return Uint32Array.from(strong).sort((a, b) => values[b]! - values[a]! || a - b);
}
