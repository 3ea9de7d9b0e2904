/** Where a capo lets most chords be gripped with open strings, on a guitar in standard tuning. */
import { transposed } from './pitch-chord.ts';
import type { PitchChord } from './pitch-chord.ts';
import type { TimedChord } from './section-scale.ts';

/** Roots, as pitch classes, of the shapes that every beginner's book has. A bass other than the root changes none. */
const OPEN_SHAPES: Readonly<Record<string, readonly number[]>> = {
  maj: [0, 2, 4, 7, 9],
  min: [2, 4, 9],
  '5': [2, 4, 9],
  '7': [0, 2, 4, 7, 9, 11],
  maj6: [0, 2, 4, 7, 9],
  maj7: [0, 2, 4, 5, 7, 9],
  min6: [2, 4, 9],
  min7: [2, 4, 9],
  sus2: [2, 9],
  sus4: [2, 4, 7, 9],
};
/** Above it the frets are too narrow to be easy. */
const HIGHEST_FRET = 7;
/** A capo is worth its trouble for such a share of the time. */
const LEAST_GAIN = 0.05;

/** @returns the fret, 1 to 7, where chords are open shapes for the longest time; the lowest of those alike. Null where none is better than no capo. */
export function easiestCapo(chords: readonly TimedChord[]): number | null {
  const total = chords.reduce((sum, { seconds }) => sum + seconds, 0);
  if (total === 0) return null;
  const shares = Array.from({ length: HIGHEST_FRET + 1 }, (_, fret) => openShare(chords, fret) / total);
  const bare = shares[0] as number;
  const best = shares.reduce((most, share, fret) => (share > (shares[most] as number) + 1e-9 ? fret : most), 0);
  return best > 0 && (shares[best] as number) >= bare + LEAST_GAIN ? best : null;
}

/** Seconds of open shapes behind a capo. */
function openShare(chords: readonly TimedChord[], fret: number): number {
  return chords.reduce((sum, { chord, seconds }) => sum + (isOpenShape(transposed(chord, -fret)) ? seconds : 0), 0);
}

export function isOpenShape({ root, quality }: PitchChord): boolean {
  return OPEN_SHAPES[quality]?.includes(root) ?? false;
}
