/** The names of notes: how a pitch is spelled in a key. */
import type { SongKey } from '../../workflows/contract/analysis.ts';

export interface SpelledPitch {
  readonly step: 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G';
  /** -1 flat, 0 natural, 1 sharp. */
  readonly alter: -1 | 0 | 1;
  /** Scientific: middle C begins octave 4. */
  readonly octave: number;
}

/** Sharps of the major keys, negative for flats. */
const MAJOR_FIFTHS: Readonly<Record<string, number>> = {
  C: 0,
  'C#': 7,
  Db: -5,
  D: 2,
  'D#': -3,
  Eb: -3,
  E: 4,
  F: -1,
  'F#': 6,
  Gb: -6,
  G: 1,
  'G#': -4,
  Ab: -4,
  A: 3,
  'A#': -2,
  Bb: -2,
  B: 5,
};
const MINOR_FIFTHS: Readonly<Record<string, number>> = {
  C: -3,
  'C#': 4,
  Db: 4,
  D: -1,
  'D#': 6,
  Eb: -6,
  E: 1,
  F: -4,
  'F#': 3,
  Gb: 3,
  G: -2,
  'G#': 5,
  Ab: -7,
  A: 0,
  'A#': 7,
  Bb: -5,
  B: 2,
};
const SHARP_NAMES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];
const FLAT_NAMES = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'Gb', 'G', 'Ab', 'A', 'Bb', 'B'];

/** @returns sharps of the key signature, negative for flats; keys with more than seven are written as their enharmonic neighbour */
export function keyFifths(key: SongKey | null): number {
  if (key === null) return 0;
  return (key.mode === 'major' ? MAJOR_FIFTHS : MINOR_FIFTHS)[key.tonic] as number;
}

export function spell(pitchMidi: number, key: SongKey | null): SpelledPitch {
  const name = (keyFifths(key) < 0 ? FLAT_NAMES : SHARP_NAMES)[pitchMidi % 12] as string;
  return {
    step: name.charAt(0) as SpelledPitch['step'],
    alter: name.endsWith('#') ? 1 : name.endsWith('b') ? -1 : 0,
    octave: Math.floor(pitchMidi / 12) - 1,
  };
}

/** As tuners show it: `E2`, `Bb3`. */
export function pitchName(pitchMidi: number, key: SongKey | null = null): string {
  const { step, alter, octave } = spell(pitchMidi, key);
  return `${step}${alter === 1 ? '#' : alter === -1 ? 'b' : ''}${octave}`;
}
