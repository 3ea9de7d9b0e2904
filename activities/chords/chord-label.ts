/** Chords by the names of their roots. */
import { spellIn } from '../../workflows/contract/scales.ts';
import type { NamedKey } from '../../workflows/contract/scales.ts';
import { rootOnDegree } from './degrees.ts';
import { isDiminished } from './pitch-chord.ts';
import type { PitchChord } from './pitch-chord.ts';

/** In Harte's grammar, spelled for a key; a diminished chord on the degree that its numeral names. `N` where no chord sounds. */
export function chordLabel(chord: PitchChord | null, key: NamedKey | null): string {
  if (chord === null) return 'N';
  const onDegree = key !== null && isDiminished(chord) ? rootOnDegree(chord, key) : null;
  const root = onDegree ?? spellIn(chord.root, key);
  return `${root}:${chord.quality}${chord.bassDegree === null ? '' : `/${chord.bassDegree}`}`;
}
