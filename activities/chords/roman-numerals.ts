/** Roman numerals: what chords do in a key. In minor they count from the natural minor scale. */
import type { ChartDetail } from '../../workflows/contract/chart.ts';
import type { Key } from '../../workflows/contract/scales.ts';
import { degreeOf } from './degrees.ts';
import { isDiminished, pitchClass, thirdInKey, thirdOf } from './pitch-chord.ts';
import type { PitchChord } from './pitch-chord.ts';

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
  const third = thirdOf(chord) ?? thirdInKey(chord.root, key);
  const numeral = degreeOf(chord, key);
  const cased = third === 'minor' ? numeral.replaceAll(/[IV]/gu, (letter) => letter.toLowerCase()) : numeral;
  const bass = detail === 'simple' || chord.bassDegree === null ? '' : `/${chord.bassDegree}`;
  return `${cased}${suffix}${bass}`;
}

function suffixOf(chord: PitchChord, detail: ChartDetail): string {
  if (detail === 'detailed') return SUFFIXES[chord.quality] ?? '';
  if (isDiminished(chord)) return '°';
  return chord.quality === 'aug' ? '+' : '';
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
