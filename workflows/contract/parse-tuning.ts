/** A tuning as somebody types it: a name, or the notes of the strings from the lowest one on, with or without octaves. */
import type { TabPart } from './tab.ts';
import { NAMED_TUNINGS, TUNING_NAMES, isBassTuning } from './tunings.ts';

/** `not-notes`: neither a name nor notes; `string-count`: fewer than 4 or more than 8; `out-of-register`: lower or higher than strings are tuned. */
export type TuningProblem = 'not-notes' | 'string-count' | 'out-of-register';
export type ParsedTuning = { readonly tuning: readonly number[] } | { readonly problem: TuningProblem };

const STRING_LIMITS = [4, 8] as const;
/** A0 to E6. */
const PITCH_LIMITS = [21, 88] as const;
const LONGEST_TYPED = 64;
const SEMITONES: Readonly<Record<string, number>> = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11, h: 11 };
/** Four and five strings of a guitar part: a tenor guitar, and a guitar without its lowest string. */
const FEW_STRINGS = [
  [48, 55, 62, 69],
  [45, 50, 55, 59, 64],
];

/** A string's note; the octave is null where it was not typed. */
interface TypedNote {
  readonly pitchClass: number;
  readonly octave: number | null;
}

interface Guess {
  readonly tuning: readonly number[];
  /** From the tuning that it was measured by, on average. */
  readonly distanceSemitones: number;
}

/**
 * `drop-d`, `DADGBE`, `eb ab db gb bb eb`, `E2 A2 D3 G3 B3 E4`; H is B. Octaves that are not typed are those nearest to a usual tuning of the part's
 * instrument, with each string at least as high as the one before.
 * @param part decides between a guitar and a bass, where both are meant by the same word; null: a bass where only a bass is tuned so
 */
export function parseTuning(typed: string, part: TabPart | null): ParsedTuning {
  const text = typed.trim();
  const named = tuningNamed(text.toLowerCase().replaceAll(/[\s_]+/gu, '-'), part);
  if (named !== null) return { tuning: named };
  const readings = text.length > LONGEST_TYPED ? [] : readingsOf(text);
  if (readings.length === 0) return { problem: 'not-notes' };
  const [fewest, most] = STRING_LIMITS;
  const fitting = readings.filter(({ length }) => length >= fewest && length <= most);
  const guesses = fitting.flatMap((notes) => guessesOf(notes, part));
  if (guesses.length === 0) return { problem: 'string-count' };
  const { tuning: guessed } = guesses.reduce((best, each) =>
    each.distanceSemitones < best.distanceSemitones ? each : best,
  );
  const tuning = falls(guessed) ? guessed.toReversed() : guessed;
  return tuning.every((pitch) => pitch >= PITCH_LIMITS[0] && pitch <= PITCH_LIMITS[1])
    ? { tuning }
    : { problem: 'out-of-register' };
}

/** Only typed octaves can make it so: then the strings were named from the highest one down. */
function falls(tuning: readonly number[]): boolean {
  return tuning.every((pitch, string) => string === 0 || pitch < (tuning[string - 1] as number));
}

function tuningNamed(name: string, part: TabPart | null): readonly number[] | null {
  const names = part === 'bass' ? [`bass-${name}`, name] : [name, `bass-${name}`];
  const found = names.flatMap((each) => TUNING_NAMES.filter((known) => known === each))[0];
  if (found !== undefined) return NAMED_TUNINGS[found];
  return name === 'bass' ? NAMED_TUNINGS['bass-standard'] : null;
}

/** Separated notes can be read in one way; in a run such as `eadgbe` or `EbAbDbGbBbEb` a small `b` may be a note or a sign. */
function readingsOf(text: string): TypedNote[][] {
  const words = text.split(/[\s,;/|-]+/u).filter((word) => word !== '');
  if (words.length > 1) {
    const notes = words.map((word) => noteOf(word));
    return notes.every((note) => note !== null) ? [notes] : [];
  }
  const [, first = '', rest = ''] = /^([a-h](?:#|♯|♭)?\d?)(.*)$/iu.exec(text) ?? [];
  const [, flat = '', afterFlat = ''] = /^([A-Ha-h]b\d?)(.*)$/u.exec(text) ?? [];
  return [
    [first, rest],
    [flat, afterFlat],
  ].flatMap(([word = '', others = '']) => {
    const note = noteOf(word);
    if (note === null) return [];
    return others === '' ? [[note]] : readingsOf(others).map((reading) => [note, ...reading]);
  });
}

function noteOf(word: string): TypedNote | null {
  const [, letter = '', sign = '', octave] = /^([a-h])(#|b|♯|♭)?(\d)?$/iu.exec(word) ?? [];
  const natural = SEMITONES[letter.toLowerCase()];
  if (natural === undefined) return null;
  const accidental = sign === '' ? 0 : sign === '#' || sign === '♯' ? 1 : -1;
  return { pitchClass: natural + accidental, octave: octave === undefined ? null : Number(octave) };
}

/** The part's own tunings of so many strings, or any where it has none, each with the octaves that bring the notes nearest. */
function guessesOf(notes: readonly TypedNote[], part: TabPart | null): Guess[] {
  const known = [...Object.values(NAMED_TUNINGS), ...FEW_STRINGS].filter(({ length }) => length === notes.length);
  const own = known.filter((tuning) => part === null || isBassTuning(tuning) === (part === 'bass'));
  return (own.length > 0 ? own : known).map((model) => guess(notes, model));
}

function guess(notes: readonly TypedNote[], model: readonly number[]): Guess {
  const isModel = notes.every(
    ({ pitchClass, octave }, string) => octave === null && (model[string] as number) % 12 === (pitchClass + 12) % 12,
  );
  if (isModel) return { tuning: model, distanceSemitones: 0 };
  const tuning: number[] = [];
  for (const [string, { pitchClass, octave }] of notes.entries()) {
    const near = model[string] as number;
    let pitch =
      octave === null ? pitchClass + 12 * Math.round((near - pitchClass) / 12) : pitchClass + 12 * (octave + 1);
    while (octave === null && pitch < (tuning.at(-1) ?? 0)) pitch += 12;
    tuning.push(pitch);
  }
  const apart = tuning.reduce((sum, pitch, string) => sum + Math.abs(pitch - (model[string] as number)), 0);
  return { tuning, distanceSemitones: apart / notes.length };
}
