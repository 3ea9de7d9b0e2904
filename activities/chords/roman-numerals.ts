/** Roman numerals: what chords do in a key. In minor they count from the natural minor scale. */
import type { ChartDetail } from '../../workflows/contract/chart.ts';
import type { Key } from '../../workflows/contract/scales.ts';
import { pitchClass, thirdInKey, thirdOf, tonesOf } from './pitch-chord.ts';
import type { PitchChord } from './pitch-chord.ts';

/** By semitones above the tonic. */
const DEGREES: Readonly<Record<Key['mode'], readonly string[]>> = {
  major: ['I', 'bII', 'II', 'bIII', 'III', 'IV', '#IV', 'V', 'bVI', 'VI', 'bVII', 'VII'],
  minor: ['I', 'bII', 'II', 'III', '#III', 'IV', '#IV', 'V', 'VI', '#VI', 'VII', '#VII'],
};
/** Diminished chords stand on raised degrees; in minor, those of the raised sixth and seventh are called by the degree alone. */
const DIMINISHED_DEGREES: Readonly<Record<Key['mode'], readonly string[]>> = {
  major: ['I', '#I', 'II', '#II', 'III', 'IV', '#IV', 'V', '#V', 'VI', 'bVII', 'VII'],
  minor: ['I', 'bII', 'II', 'III', '#III', 'IV', '#IV', 'V', '#V', 'VI', '#VI', 'VII'],
};
const SUFFIXES: Readonly<Record<string, string>> = {
  '5': '5',
  '6': 'add6',
  '7': '7',
  '9': '9',
  '11': '11',
  '13': '13',
  aug: '+',
  dim: '°',
  dim7: '°7',
  hdim7: 'ø7',
  maj6: 'add6',
  maj7: 'maj7',
  maj9: 'maj9',
  min6: 'add6',
  min7: '7',
  min9: '9',
  min11: '11',
  minmaj7: '(maj7)',
  sus2: 'sus2',
  sus4: 'sus4',
};
/** Major chords that lead a fifth down to a chord of the scale, by semitones above the tonic, with what they lead to. */
const SECONDARY_DOMINANTS: Readonly<Record<Key['mode'], Readonly<Record<number, string>>>> = {
  major: { 2: 'V', 4: 'vi', 9: 'ii', 11: 'iii' },
  minor: { 0: 'iv', 2: 'V' },
};

/**
 * Such as `I`, `bVII`, `V7/ii`, `vii°`.
 * @param next the chord after it, which says what a secondary dominant leads to; null where there is none
 */
export function romanNumeral(chord: PitchChord, key: Key, next: PitchChord | null, detail: ChartDetail): string {
  const suffix = suffixOf(chord, detail);
  const target = secondaryTarget(chord, key, next);
  if (target !== null) return `V${suffix}/${target}`;
  const degree = pitchClass(chord.root - key.tonic);
  const third = thirdOf(chord) ?? thirdInKey(chord.root, key);
  const names = isDiminished(chord) ? DIMINISHED_DEGREES : DEGREES;
  const numeral = names[key.mode][degree] as string;
  const cased = third === 'minor' ? numeral.replaceAll(/[IV]/gu, (letter) => letter.toLowerCase()) : numeral;
  const bass = detail === 'simple' || chord.bassDegree === null ? '' : `/${chord.bassDegree}`;
  return `${cased}${suffix}${bass}`;
}

function suffixOf(chord: PitchChord, detail: ChartDetail): string {
  if (detail === 'detailed') return SUFFIXES[chord.quality] ?? '';
  if (isDiminished(chord)) return '°';
  return chord.quality === 'aug' ? '+' : '';
}

function isDiminished(chord: PitchChord): boolean {
  return tonesOf(chord)[2] === (chord.root + 6) % 12 && thirdOf(chord) === 'minor';
}

/** Null where a chord is no secondary dominant, or does not lead where one would. */
function secondaryTarget(chord: PitchChord, key: Key, next: PitchChord | null): string | null {
  const target = SECONDARY_DOMINANTS[key.mode][pitchClass(chord.root - key.tonic)];
  if (target === undefined || next === null || chord.bassDegree !== null) return null;
  if (thirdOf(chord) !== 'major' || !['maj', '7', '9', '13'].includes(chord.quality)) return null;
  if (next.root !== (chord.root + 5) % 12) return null;
  // In a minor key both dominants are at home; the tonic's own is the major one.
  const wanted = target === 'V' ? 'major' : 'minor';
  return thirdOf(next) === wanted ? target : null;
}

/** @returns the length of the shortest part that the whole repeats, the last time perhaps cut short; all of it where nothing is played twice */
export function loopOf(numerals: readonly string[]): number {
  for (let length = 1; length <= numerals.length / 2; length++) {
    if (numerals.every((numeral, index) => numeral === numerals[index % length])) return length;
  }
  return numerals.length;
}
