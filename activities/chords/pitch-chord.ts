/** Chords by pitch class, free of names: what transposing, keys and shapes are worked out on. */
import { chordParts } from '../../workflows/contract/chord-name.ts';
import { pitchClassOf, scaleOf } from '../../workflows/contract/scales.ts';
import type { Key } from '../../workflows/contract/scales.ts';

export interface PitchChord {
  /** Pitch class, 0 is C. */
  readonly root: number;
  /** In Harte's grammar, such as `min7`. */
  readonly quality: string;
  /** Degree of the lowest note where it is not the root, such as `b7`; null otherwise. */
  readonly bassDegree: string | null;
}

/** Semitones above the root, the triad first. */
const TONES: Readonly<Record<string, readonly number[]>> = {
  '1': [0],
  '5': [0, 7],
  '6': [0, 4, 7, 9],
  '7': [0, 4, 7, 10],
  '9': [0, 4, 7, 10, 2],
  '11': [0, 4, 7, 10, 2, 5],
  '13': [0, 4, 7, 10, 2, 9],
  aug: [0, 4, 8],
  dim: [0, 3, 6],
  dim7: [0, 3, 6, 9],
  hdim7: [0, 3, 6, 10],
  maj: [0, 4, 7],
  maj6: [0, 4, 7, 9],
  maj7: [0, 4, 7, 11],
  maj9: [0, 4, 7, 11, 2],
  min: [0, 3, 7],
  min6: [0, 3, 7, 9],
  min7: [0, 3, 7, 10],
  min9: [0, 3, 7, 10, 2],
  min11: [0, 3, 7, 10, 2, 5],
  minmaj7: [0, 3, 7, 11],
  sus2: [0, 2, 7],
  sus4: [0, 5, 7],
};

/** @returns null where no chord sounds, or the label is none */
export function readChord(label: string): PitchChord | null {
  const parts = chordParts(label);
  if (parts === null) return null;
  const { root, quality, bassDegree } = parts;
  return { root: pitchClassOf(root), quality: quality === '' ? 'maj' : quality, bassDegree };
}

/** @param semitones of either sign */
export function transposed<Chord extends PitchChord | null>(chord: Chord, semitones: number): Chord {
  return chord === null ? chord : { ...chord, root: pitchClass(chord.root + semitones) };
}

export function pitchClass(semitones: number): number {
  return ((semitones % 12) + 12) % 12;
}

/** Pitch classes, the triad's first. What is unknown is taken for its triad. */
export function tonesOf({ root, quality }: PitchChord): number[] {
  const tones = TONES[quality] ?? (quality.startsWith('min') ? TONES['min'] : TONES['maj']);
  return (tones as readonly number[]).map((tone) => (root + tone) % 12);
}

export type Third = 'major' | 'minor' | null;

/** Null where a chord has neither. */
export function thirdOf(chord: PitchChord): Third {
  const above = new Set(tonesOf(chord).map((tone) => pitchClass(tone - chord.root)));
  if (above.has(4)) return 'major';
  return above.has(3) ? 'minor' : null;
}

export function isDiminished(chord: PitchChord): boolean {
  return tonesOf(chord)[2] === pitchClass(chord.root + 6) && thirdOf(chord) === 'minor';
}

/** What the scale of a key has a third above a root; the root of no scale is major. */
export function thirdInKey(root: number, key: Key | null): 'major' | 'minor' {
  const scale = key === null ? [] : scaleOf(key);
  return scale.includes(pitchClass(root + 3)) && !scale.includes(pitchClass(root + 4)) ? 'minor' : 'major';
}

/** The nearest major or minor triad; diminished triads, whose fifth would sound wrong, and power chords stay. A suspended chord has the third that its key gives it. */
export function simplified(chord: PitchChord, key: Key | null): PitchChord {
  const { root, quality } = chord;
  if (quality === '5' || quality === '1') return { root, quality: '5', bassDegree: null };
  if (isDiminished(chord)) return { root, quality: 'dim', bassDegree: null };
  const third = thirdOf(chord) ?? thirdInKey(root, key);
  return { root, quality: third === 'major' ? 'maj' : 'min', bassDegree: null };
}

export function sameChord(one: PitchChord | null, other: PitchChord | null): boolean {
  if (one === null || other === null) return one === other;
  return one.root === other.root && one.quality === other.quality && one.bassDegree === other.bassDegree;
}
