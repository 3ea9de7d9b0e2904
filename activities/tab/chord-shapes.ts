/** What the chords above a tab are called: by the shapes that are fingered, which a capo makes sound higher. */
import { chordName } from '../../workflows/contract/chord-name.ts';
import { movedKey } from '../chords/key-names.ts';
import { chordLabel } from '../chords/chord-label.ts';
import { readChord, transposed } from '../chords/pitch-chord.ts';
import type { TabScore } from './tab-score.ts';

const NO_CHORD = 'N.C.';

/** @param label of the chord as it sounds; @returns such as `Am7`; `N.C.` where none sounds */
export function shapeName(label: string, { key, instrument: { capo } }: Pick<TabScore, 'key' | 'instrument'>): string {
  const chord = readChord(label);
  if (chord === null) return NO_CHORD;
  if (capo === 0) return chordName(label);
  return chordName(chordLabel(transposed(chord, -capo), key === null ? null : movedKey(key, -capo)));
}
