// Which key a song is in, by its notes, by what its chords would be there, and by where the tonic chord stands.
import type { SongKey } from '../../workflows/contract/analysis.ts';
import type { ChordQuality } from './chord-vocabulary.ts';
import type { ChordRun } from './chords.ts';
import type { HarmonyGrid } from './harmony-grid.ts';
import type { SlotNotes } from './note-activity.ts';
import { KEYS, tonicName } from '../../workflows/contract/scales.ts';
import type { Key, Mode } from '../../workflows/contract/scales.ts';

/** How much of each scale degree sounds: the `bgate` profiles, medians over labelled electronic and popular songs (Faraldo et al. 2016), over a floor. */
const PROFILES: Readonly<Record<Mode, readonly number[]>> = {
  major: [1, 0, 0.42, 0, 0.53, 0.37, 0, 0.77, 0, 0.38, 0.21, 0.3],
  minor: [1, 0, 0.36, 0.39, 0, 0.38, 0, 0.74, 0.27, 0, 0.42, 0.23],
};
const PROFILE_FLOOR = 0.08;

type Family = 'major' | 'minor' | 'diminished';

/** Shares of a song that popular songs spend on each chord, by semitones above the tonic; what is not named is rare. */
const CHORD_SHARES: Readonly<Record<Mode, Readonly<Partial<Record<`${number} ${Family}`, number>>>>> = {
  major: {
    '0 major': 0.3,
    '5 major': 0.2,
    '7 major': 0.21,
    '9 minor': 0.12,
    '2 minor': 0.07,
    '4 minor': 0.03,
    '10 major': 0.02,
    '2 major': 0.01,
    '4 major': 0.01,
    '9 major': 0.01,
    '5 minor': 0.008,
    '11 diminished': 0.004,
  },
  minor: {
    '0 minor': 0.33,
    '8 major': 0.12,
    '10 major': 0.12,
    '5 minor': 0.12,
    '3 major': 0.09,
    '7 major': 0.09,
    '7 minor': 0.05,
    '5 major': 0.015,
    '2 diminished': 0.015,
    '1 major': 0.01,
    '11 diminished': 0.008,
  },
};
const RARE_SHARE = 0.002;

/** What each kind of evidence weighs, as a number of independent observations of it. */
const NOTE_WEIGHT = 12;
const CHORD_WEIGHT = 7;
/** Nats for a tonic chord in these places. */
const FIRST_CHORD = 1.5;
const LAST_CHORD = 1.2;
const PHRASE_STARTS = 3.5;
/** Nats for each share of the tonic chords that a dominant leads to. */
const CADENCES = 1;
const PHRASE_BARS = 4;
/** The scores' observations are not as independent as their weights say. */
const TEMPERATURE = 1.5;
/** Chords on so many roots and a half tell all that chords tell of a key. */
const ENOUGH_ROOTS = 3.5;
/** So many chords and one, one after the other, show how they follow each other. */
const ENOUGH_CHORDS = 6;

/** A song's key as pitch classes, and how sure that is. */
export interface FoundKey {
  readonly key: Key;
  /** 0 to 1; about the chance to be right. */
  readonly confidence: number;
}

/** Null where no chord was heard. */
export function findKey(slots: readonly SlotNotes[], runs: readonly ChordRun[], grid: HarmonyGrid): FoundKey | null {
  if (runs.every(({ chord }) => chord === null)) return null;
  const notes = noteShares(slots, grid);
  const scores = KEYS.map(
    (key) =>
      noteScore(notes, key) + chordScore(runs, grid, key) + placeScore(runs, grid, key) + cadenceScore(runs, key),
  );
  const best = scores.indexOf(Math.max(...scores));
  const total = scores.reduce((sum, score) => sum + Math.exp((score - scores[best]!) / TEMPERATURE), 0);
  return { key: KEYS[best]!, confidence: variety(runs, grid) / total };
}

/** How much there is to tell a key from: less than 1 where chords sound only now and then, are fewer than three, or hardly change. */
function variety(runs: readonly ChordRun[], grid: HarmonyGrid): number {
  const sounding = runs.filter(({ chord }) => chord !== null);
  const seconds = ({ from, to }: ChordRun): number => grid.edgesSeconds[to]! - grid.edgesSeconds[from]!;
  const share = sounding.reduce((sum, run) => sum + seconds(run), 0) / grid.edgesSeconds.at(-1)!;
  const roots = new Set(sounding.map(({ chord }) => chord!.root)).size;
  return (
    Math.min(1, 1.25 * share) *
    Math.min(1, (roots + 0.5) / ENOUGH_ROOTS) *
    Math.min(1, (sounding.length + 1) / ENOUGH_CHORDS)
  );
}

/** Share of each pitch class over the whole song, bass and treble alike. */
function noteShares(slots: readonly SlotNotes[], grid: HarmonyGrid): Float64Array {
  const shares = new Float64Array(12);
  let total = 0;
  slots.forEach(({ bass, treble }, slot) => {
    const seconds = grid.edgesSeconds[slot + 1]! - grid.edgesSeconds[slot]!;
    for (let pitch = 0; pitch < 12; pitch++) {
      const heard = seconds * (0.3 * bass[pitch]! + 0.7 * treble[pitch]!);
      shares[pitch]! += heard;
      total += heard;
    }
  });
  return total > 0 ? shares.map((share) => share / total) : shares;
}

function noteScore(notes: Float64Array, { tonic, mode }: Key): number {
  const profile = PROFILES[mode].map((value) => value + PROFILE_FLOOR);
  const sum = profile.reduce((total, value) => total + value, 0);
  let score = 0;
  for (let pitch = 0; pitch < 12; pitch++) {
    score += notes[pitch]! * Math.log((12 * profile[(pitch - tonic + 12) % 12]!) / sum);
  }
  return NOTE_WEIGHT * score;
}

function chordScore(runs: readonly ChordRun[], grid: HarmonyGrid, key: Key): number {
  let [score, total] = [0, 0];
  for (const { from, to, chord } of runs) {
    if (chord === null) continue;
    const seconds = grid.edgesSeconds[to]! - grid.edgesSeconds[from]!;
    const degree = (chord.root - key.tonic + 12) % 12;
    score += seconds * Math.log(CHORD_SHARES[key.mode][`${degree} ${familyOf(chord.quality)}`] ?? RARE_SHARE);
    total += seconds;
  }
  return (CHORD_WEIGHT * score) / total;
}

/** Songs and their phrases mostly begin with the tonic chord, and end with it. */
function placeScore(runs: readonly ChordRun[], grid: HarmonyGrid, key: Key): number {
  const sounding = runs.filter(({ chord }) => chord !== null);
  const [first, last] = [sounding[0], sounding.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const firstScore = isTonic(first, key) ? FIRST_CHORD : 0;
  const lastScore = isTonic(last, key) ? LAST_CHORD : 0;
  const bars: number[] = [];
  for (let slot = first.from; slot < last.to; slot++) if (grid.starts[slot] === 'downbeat') bars.push(slot);
  const phrases = bars.filter((_, index) => index % PHRASE_BARS === 0);
  const home = phrases.filter((slot) => runs.some((run) => run.from <= slot && slot < run.to && isTonic(run, key)));
  return firstScore + lastScore + (phrases.length < 2 ? 0 : (PHRASE_STARTS * home.length) / phrases.length);
}

function cadenceScore(runs: readonly ChordRun[], key: Key): number {
  const arrivals = runs.filter((run, index) => index > 0 && isTonic(run, key));
  const cadences = runs.filter((run, index) => index > 0 && isTonic(run, key) && isDominant(runs[index - 1]!, key));
  return arrivals.length === 0 ? 0 : (CADENCES * cadences.length) / arrivals.length;
}

function isTonic({ chord }: ChordRun, { tonic, mode }: Key): boolean {
  return chord !== null && chord.root === tonic && familyOf(chord.quality) === mode;
}

function isDominant({ chord }: ChordRun, { tonic }: Key): boolean {
  return chord !== null && chord.root === (tonic + 7) % 12 && familyOf(chord.quality) === 'major';
}

function familyOf(quality: ChordQuality): Family {
  if (quality === 'min' || quality === 'min7') return 'minor';
  return quality === 'dim' || quality === 'hdim7' ? 'diminished' : 'major';
}

/** A degree that marks a mode outweighs the one it replaces so many times … */
const MODE_RATIO = 3;
/** … and is at least such a share of all notes. */
const MODE_SHARE = 0.05;
const MODE_MARKS = {
  major: [
    { name: 'mixolydian', mark: 10, instead: 11 },
    { name: 'lydian', mark: 6, instead: 5 },
  ],
  minor: [
    { name: 'dorian', mark: 9, instead: 8 },
    { name: 'phrygian', mark: 1, instead: 2 },
  ],
} as const;

/** The key in the contract's words, with the mode outside major and minor that the notes plainly show. */
export function songKey({ key, confidence }: FoundKey, slots: readonly SlotNotes[], grid: HarmonyGrid): SongKey {
  const notes = noteShares(slots, grid);
  const degree = (semitones: number): number => notes[(key.tonic + semitones) % 12]!;
  const other = MODE_MARKS[key.mode].find(
    ({ mark, instead }) => degree(mark) > MODE_RATIO * degree(instead) && degree(mark) > MODE_SHARE,
  );
  return { tonic: tonicName(key), mode: key.mode, otherMode: other?.name ?? null, confidence };
}
