/** Notes against the true ones, as music transcription is scored: by beginnings and pitches (Bay, Ehmann and Downie, ISMIR 2009). */

export interface ScoredNote {
  readonly startSeconds: number;
  readonly pitchMidi: number;
}

/** How far apart two beginnings may be. */
const TOLERANCE_SECONDS = 0.05;

/**
 * Harmonic mean of precision and recall, 0 to 1. Each note answers for at most one of the other side, of the very same pitch;
 * within a pitch the earliest that fits is the best choice, as all may be off by as much.
 *
 * Thrown `RangeError` where there is nothing to compare.
 */
export function noteF1(found: readonly ScoredNote[], wanted: readonly ScoredNote[]): number {
  if (wanted.length === 0) throw new RangeError('no true notes');
  const pitches = new Set(wanted.map(({ pitchMidi }) => pitchMidi));
  let matches = 0;
  for (const pitch of pitches) {
    const [ours, theirs] = [found, wanted].map((notes) => startsOf(notes, pitch)) as [number[], number[]];
    for (let [a, b] = [0, 0]; a < ours.length && b < theirs.length;) {
      const late = ours[a]! - theirs[b]!;
      if (Math.abs(late) <= TOLERANCE_SECONDS) matches++;
      if (late <= TOLERANCE_SECONDS) a++;
      if (late >= -TOLERANCE_SECONDS) b++;
    }
  }
  return (2 * matches) / (found.length + wanted.length);
}

function startsOf(notes: readonly ScoredNote[], pitch: number): number[] {
  return notes
    .filter(({ pitchMidi }) => pitchMidi === pitch)
    .map(({ startSeconds }) => startSeconds)
    .sort((a, b) => a - b);
}
