// Keys, their scales, and how musicians spell what is in them.
import type { SongKey, Tonic } from './analysis.ts';

export type Mode = 'major' | 'minor';

export interface Key {
  /** Pitch class, 0 is C. */
  readonly tonic: number;
  readonly mode: Mode;
}

export const KEYS: readonly Key[] = (['major', 'minor'] as const).flatMap((mode) =>
  Array.from({ length: 12 }, (_, tonic) => ({ tonic, mode })),
);

const SCALES: Readonly<Record<Mode, readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
};

/** Pitch classes of the key's scale; natural minor. */
export function scaleOf(key: Key): number[] {
  return SCALES[key.mode].map((step) => (key.tonic + step) % 12);
}

const MAJOR_TONICS: readonly Tonic[] = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];
const MINOR_TONICS: readonly Tonic[] = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'G#', 'A', 'Bb', 'B'];

/** The name with the fewest accidentals in its signature, the commoner one where two have six. */
export function tonicName(key: Key): Tonic {
  return (key.mode === 'major' ? MAJOR_TONICS : MINOR_TONICS)[key.tonic]!;
}

const LETTERS = ['F', 'C', 'G', 'D', 'A', 'E', 'B'] as const;
const PITCH_CLASSES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** Pitch class of a note's name such as `Eb`. */
export function pitchClassOf(name: string): number {
  let pitch = PITCH_CLASSES[name.charAt(0)] ?? 0;
  for (const sign of name.slice(1)) pitch += sign === '#' ? 1 : -1;
  return ((pitch % 12) + 12) % 12;
}

/** A key by its name: `Gb` and `F#` are two. */
export type NamedKey = Pick<SongKey, 'tonic' | 'mode'>;

export function named(key: Key): NamedKey {
  return { tonic: tonicName(key), mode: key.mode };
}

/**
 * The name of a pitch class as the root of a chord in a key: the nearest on the line of fifths to the scale's middle, which in minor is taken two
 * fifths higher for its raised leading tone. Never a double accidental. Without a key: as in C.
 */
export function spellIn(pitchClass: number, key: NamedKey | null): string {
  const tonic = lineOfFifths(key === null ? 'C' : key.tonic);
  const middle = key?.mode === 'minor' ? tonic : tonic + 1;
  let best = { name: 'C', away: Number.POSITIVE_INFINITY };
  for (let fifths = FLATTEST; fifths <= SHARPEST; fifths++) {
    const name = nameOnLine(fifths);
    const away = Math.abs(fifths - middle);
    if (pitchClassOf(name) === pitchClass && away < best.away) best = { name, away };
  }
  return best.name;
}

/** Fb and B# on the line of fifths. */
const FLATTEST = -7;
const SHARPEST = 13;

/** F is 0, C is 1, Bb is -1. */
function lineOfFifths(name: string): number {
  const signs = name
    .slice(1)
    .split('')
    .reduce((sum, sign) => sum + (sign === '#' ? 7 : -7), 0);
  return LETTERS.indexOf(name.charAt(0) as (typeof LETTERS)[number]) + signs;
}

function nameOnLine(fifths: number): string {
  const octave = Math.floor(fifths / 7);
  return LETTERS[fifths - 7 * octave]! + (octave < 0 ? 'b'.repeat(-octave) : '#'.repeat(octave));
}
