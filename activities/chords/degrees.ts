/** Degrees of a key by their Roman numerals, and the letters that belong to them. */
import { pitchClassOf } from '../../workflows/contract/scales.ts';
import type { Key, NamedKey } from '../../workflows/contract/scales.ts';
import { isDiminished, pitchClass } from './pitch-chord.ts';
import type { PitchChord } from './pitch-chord.ts';

/** By semitones above the tonic. */
const DEGREES: Readonly<Record<Key['mode'], readonly string[]>> = {
  major: ['I', 'bII', 'II', 'bIII', 'III', 'IV', '#IV', 'V', 'bVI', 'VI', 'bVII', 'VII'],
  minor: ['I', 'bII', 'II', 'III', '#III', 'IV', '#IV', 'V', 'VI', '#VI', 'VII', '#VII'],
};
/** Diminished chords stand on raised degrees; in minor, those of the raised sixth and seventh are called by the degree alone. */
const DIMINISHED_DEGREES: Readonly<Record<Key['mode'], readonly string[]>> = {
  major: ['I', '#I', 'II', '#II', 'III', 'IV', '#IV', 'V', '#V', 'VI', 'bVII', 'VII'],
  minor: ['I', 'bII', 'II', 'III', '#III', 'IV', '#IV', 'V', 'bVI', 'VI', 'bVII', 'VII'],
};
const NUMERALS = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII'];
const LETTERS = 'CDEFGAB';

/** Such as `#IV`, of a chord's root. */
export function degreeOf(chord: PitchChord, { tonic, mode }: Key): string {
  const degrees = isDiminished(chord) ? DIMINISHED_DEGREES : DEGREES;
  return degrees[mode][pitchClass(chord.root - tonic)] as string;
}

/** The root's name with the letter of its degree: `#II` of C is `D#`. Null where it would have two accidentals. */
export function rootOnDegree(chord: PitchChord, key: NamedKey): string | null {
  const degree = degreeOf(chord, { tonic: pitchClassOf(key.tonic), mode: key.mode });
  const steps = NUMERALS.indexOf(degree.replaceAll(/[b#]/gu, ''));
  const letter = LETTERS.charAt((LETTERS.indexOf(key.tonic.charAt(0)) + steps) % LETTERS.length);
  const sharps = pitchClass(chord.root - pitchClassOf(letter) + 6) - 6;
  return Math.abs(sharps) > 1 ? null : `${letter}${sharps === 0 ? '' : sharps > 0 ? '#' : 'b'}`;
}
