/** The names of notes: how a pitch is spelled in a key, and in the chord that sounds there. */
import type { SongKey, Tonic } from '../../workflows/contract/analysis.ts';
import { bassName, chordParts } from '../../workflows/contract/chord-name.ts';
import type { ChordParts } from '../../workflows/contract/chord-name.ts';
import { pitchClassOf, spellIn } from '../../workflows/contract/scales.ts';
import { readChord, tonesOf } from '../chords/pitch-chord.ts';
import type { PitchChord } from '../chords/pitch-chord.ts';

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
  Eb: -3,
  E: 4,
  F: -1,
  'F#': 6,
  Gb: -6,
  G: 1,
  Ab: -4,
  A: 3,
  Bb: -2,
  B: 5,
};
const MINOR_FIFTHS: Readonly<Record<string, number>> = {
  C: -3,
  'C#': 4,
  D: -1,
  'D#': 6,
  Eb: -6,
  E: 1,
  F: -4,
  'F#': 3,
  G: -2,
  'G#': 5,
  Ab: -7,
  A: 0,
  'A#': 7,
  Bb: -5,
  B: 2,
};
/** Keys with more than seven signs, as they are written. */
const WRITTEN_TONICS: Readonly<Record<SongKey['mode'], Readonly<Record<string, Tonic>>>> = {
  major: { 'D#': 'Eb', 'G#': 'Ab', 'A#': 'Bb' },
  minor: { Db: 'C#', Gb: 'F#' },
};
/** By the semitones above a chord's root. */
const DEGREES = ['1', 'b9', '9', 'b3', '3', '11', 'b5', '5', '#5', '6', 'b7', '7'] as const;
const SHARP_NAMES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];
const FLAT_NAMES = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'Gb', 'G', 'Ab', 'A', 'Bb', 'B'];

/** @returns sharps of the key signature, negative for flats; keys with more than seven are written as their enharmonic neighbour */
export function keyFifths(key: SongKey | null): number {
  if (key === null) return 0;
  return (key.mode === 'major' ? MAJOR_FIFTHS : MINOR_FIFTHS)[writtenTonic(key)] as number;
}

function writtenTonic({ tonic, mode }: SongKey): Tonic {
  return WRITTEN_TONICS[mode][tonic] ?? tonic;
}

/** By the chord that sounds where it is one of its notes, else by the key: the third of E is G# in C too. @param chord its label, or null */
export function spellNote(pitchMidi: number, key: SongKey | null, chord: string | null): SpelledPitch {
  const name = (chord === null ? null : chordTone(pitchMidi % 12, chord)) ?? spellIn(pitchMidi % 12, written(key));
  return spelled(pitchMidi, name);
}

function written(key: SongKey | null): Pick<SongKey, 'tonic' | 'mode'> | null {
  return key === null ? null : { tonic: writtenTonic(key), mode: key.mode };
}

/** Null where it is none of the chord's, or only by a name with two signs. */
function chordTone(pitchClass: number, label: string): string | null {
  const parts = chordParts(label);
  if (parts === null) return null;
  const bass = bassName(parts);
  const tones = tonesOf(readChord(label) as PitchChord);
  const degree = tones.includes(pitchClass) ? degreeOf(pitchClass, parts) : null;
  const name =
    bass !== null && pitchClassOf(bass) === pitchClass
      ? bass
      : degree === null
        ? null
        : bassName({ ...parts, bassDegree: degree });
  return name === null || name.length > 2 ? null : name;
}

function degreeOf(pitchClass: number, { root, quality }: ChordParts): string {
  const degree = DEGREES[(pitchClass - pitchClassOf(root) + 12) % 12] as string;
  return quality === 'dim7' && degree === '6' ? 'bb7' : degree;
}

function spelled(pitchMidi: number, name: string): SpelledPitch {
  const alter = name.endsWith('#') ? 1 : name.endsWith('b') ? -1 : 0;
  // A C flat is written an octave above where it sounds, a B sharp below.
  const octave = Math.floor((pitchMidi - alter) / 12) - 1;
  return { step: name.charAt(0) as SpelledPitch['step'], alter, octave };
}

/** The open strings of a tuning have flats or sharps, whatever is played on them. */
export function spellString(pitchMidi: number, key: SongKey | null): SpelledPitch {
  return spelled(pitchMidi, (keyFifths(key) < 0 ? FLAT_NAMES : SHARP_NAMES)[pitchMidi % 12] as string);
}

/** Of an open string, as tuners show it: `E2`, `Bb3`. */
export function pitchName(pitchMidi: number, key: SongKey | null = null): string {
  const { step, alter, octave } = spellString(pitchMidi, key);
  return `${step}${alter === 1 ? '#' : alter === -1 ? 'b' : ''}${octave}`;
}
