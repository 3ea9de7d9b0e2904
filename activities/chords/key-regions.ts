/**
 * Where a song changes its key, by its chords: the most likely path through the 24 keys (Viterbi 1967), as D. Temperley, *Music and Probability*, 2007,
 * ch. 6 finds it from notes.
 */
import type { SongKey } from '../../workflows/contract/analysis.ts';
import { KEYS } from '../../workflows/contract/scales.ts';
import type { Key } from '../../workflows/contract/scales.ts';
import { pitchClass, tonesOf } from './pitch-chord.ts';
import type { PitchChord } from './pitch-chord.ts';

/** What sounds in a bar, or in as long a time. */
export interface KeyWindow {
  /** A new section begins with it: keys like to change there. */
  readonly opensSection: boolean;
  readonly chords: readonly { readonly chord: PitchChord; /** Of the window, 0 to 1. */ readonly share: number }[];
}

export interface HomeKey extends Key {
  readonly otherMode: SongKey['otherMode'];
}

export interface KeyRegion {
  readonly fromWindow: number;
  readonly toWindow: number;
  readonly key: Key;
}

/** A shorter stay in another key is a turn of harmony. */
const FEWEST_WINDOWS = 8;

/** How well each degree belongs to a key, in semitones above its tonic: its scale, then what songs borrow. */
const BELONGING: Readonly<Record<Key['mode'], readonly number[]>> = {
  major: [1, 0.02, 0.9, 0.08, 1, 0.9, 0.06, 1, 0.1, 0.9, 0.15, 0.8],
  minor: [1, 0.06, 0.8, 1, 0.03, 0.9, 0.05, 1, 0.9, 0.15, 1, 0.35],
};
/** Degrees that trade places in the modes. */
const MODE_SWAPS: Readonly<Record<NonNullable<SongKey['otherMode']>, readonly (readonly [number, number])[]>> = {
  dorian: [[8, 9]],
  phrygian: [[1, 2]],
  lydian: [[5, 6]],
  mixolydian: [[10, 11]],
  locrian: [
    [1, 2],
    [6, 7],
  ],
};

/** Nats for a window whose every tone belongs e times better to one key than to another. */
const WINDOW_WEIGHT = 2;
/** What is added to a triad colours it rather than telling a key. */
const ADDED_TONE_WEIGHT = 0.25;
/** Nats for a window of the tonic's own triad. */
const TONIC_BONUS = 0.6;
/** Nats that a change of key costs, and less where a section begins. */
const CHANGE_COST = 6;
const SECTION_DISCOUNT = 2;
/** A key is one where its own triad sounds for such a share of the time. */
const LEAST_TONIC = 0.08;

/**
 * Regions tile the windows. A song that stays is one region of its home key; keys that share a signature are never told apart from it.
 */
export function keyRegions(windows: readonly KeyWindow[], home: HomeKey): KeyRegion[] {
  const { otherMode: _, ...homeKey } = home;
  const scores = windows.map((window) => KEYS.map((key) => windowScore(window, key, home)));
  const path = bestPath(windows, scores, home);
  let regions = merged(
    path.map((key, index) => ({ fromWindow: index, toWindow: index + 1, key: KEYS[key] as Key })),
    homeKey,
  );
  for (;;) {
    const weak = weakest(regions, windows);
    if (weak === null || regions.length === 1) break;
    regions = merged(without(regions, weak, scores), homeKey);
  }
  if (regions.length <= 1) return [{ fromWindow: 0, toWindow: windows.length, key: homeKey }];
  return regions.map((region) => ({ ...region, key: withMode(region, scores, homeKey) }));
}

function windowScore({ chords }: KeyWindow, key: Key, home: HomeKey): number {
  const belonging = belongingIn(key, key.tonic === home.tonic && key.mode === home.mode ? home.otherMode : null);
  let score = 0;
  for (const { chord, share } of chords) {
    let [sum, weights] = [0, 0];
    for (const [index, tone] of tonesOf(chord).entries()) {
      const weight = index < 3 ? 1 : ADDED_TONE_WEIGHT;
      sum += weight * Math.log(belonging[pitchClass(tone - key.tonic)] as number);
      weights += weight;
    }
    score += share * ((WINDOW_WEIGHT * sum) / weights + (isTonic(chord, key) ? TONIC_BONUS : 0));
  }
  return score;
}

function belongingIn({ mode }: Key, otherMode: SongKey['otherMode']): readonly number[] {
  const belonging = [...BELONGING[mode]];
  for (const [one, other] of otherMode === null ? [] : MODE_SWAPS[otherMode]) {
    [belonging[one], belonging[other]] = [belonging[other] as number, belonging[one] as number];
  }
  return belonging;
}

function isTonic(chord: PitchChord, { tonic, mode }: Key): boolean {
  return chord.root === tonic && tonesOf(chord).includes((tonic + (mode === 'major' ? 4 : 3)) % 12);
}

function bestPath(windows: readonly KeyWindow[], scores: readonly (readonly number[])[], home: Key): number[] {
  let best = KEYS.map((key, index) => (scores[0]?.[index] ?? 0) - (isRelated(key, home) ? 0 : CHANGE_COST / 2));
  const back: number[][] = [];
  for (let step = 1; step < scores.length; step++) {
    const cost = CHANGE_COST - ((windows[step] as KeyWindow).opensSection ? SECTION_DISCOUNT : 0);
    const leader = best.indexOf(Math.max(...best));
    const from = best.map((score, key) => ((best[leader] as number) - cost > score ? leader : key));
    back.push(from);
    best = from.map(
      (before, key) =>
        (best[before] as number) - (before === key ? 0 : cost) + ((scores[step] as readonly number[])[key] as number),
    );
  }
  const path = [best.indexOf(Math.max(...best))];
  for (const from of back.reverse()) path.push(from[path.at(-1) as number] as number);
  return scores.length === 0 ? [] : path.reverse();
}

/** The same signature: the key itself, or its relative. */
function isRelated(one: Key, other: Key): boolean {
  return majorOf(one) === majorOf(other);
}

function majorOf({ tonic, mode }: Key): number {
  return mode === 'major' ? tonic : (tonic + 3) % 12;
}

function merged(regions: readonly KeyRegion[], home: Key): KeyRegion[] {
  const all: KeyRegion[] = [];
  for (const region of regions) {
    const last = all.at(-1);
    const key = isRelated(region.key, home) ? home : region.key;
    if (last !== undefined && isRelated(last.key, key)) all[all.length - 1] = { ...last, toWindow: region.toWindow };
    else all.push({ ...region, key });
  }
  return all;
}

/** The shortest of those that are no stay in a key. */
function weakest(regions: readonly KeyRegion[], windows: readonly KeyWindow[]): number | null {
  const weak = regions.flatMap((region, index) =>
    region.toWindow - region.fromWindow < FEWEST_WINDOWS || !restsOnTonic(region, windows) ? [index] : [],
  );
  const length = (index: number): number => {
    const { fromWindow, toWindow } = regions[index] as KeyRegion;
    return toWindow - fromWindow;
  };
  return weak.sort((one, other) => length(one) - length(other))[0] ?? null;
}

function restsOnTonic({ key, fromWindow, toWindow }: KeyRegion, windows: readonly KeyWindow[]): boolean {
  const both = KEYS.filter((each) => isRelated(each, key));
  let [tonic, all] = [0, 0];
  for (const { chord, share } of windows.slice(fromWindow, toWindow).flatMap(({ chords }) => chords)) {
    all += share;
    if (both.some((each) => isTonic(chord, each))) tonic += share;
  }
  return tonic >= LEAST_TONIC * all;
}

/** Its windows go to the neighbour whose key suits them better. */
function without(regions: readonly KeyRegion[], index: number, scores: readonly (readonly number[])[]): KeyRegion[] {
  const weak = regions[index] as KeyRegion;
  const neighbours = [regions[index - 1], regions[index + 1]].filter((region) => region !== undefined);
  const fit = ({ key }: KeyRegion): number => scoreIn(weak, key, scores);
  const [best] = neighbours.toSorted((one, other) => fit(other) - fit(one));
  return regions.map((region) => (region === weak ? { ...weak, key: (best as KeyRegion).key } : region));
}

function scoreIn({ fromWindow, toWindow }: KeyRegion, key: Key, scores: readonly (readonly number[])[]): number {
  const index = KEYS.findIndex(({ tonic, mode }) => tonic === key.tonic && mode === key.mode);
  return scores.slice(fromWindow, toWindow).reduce((sum, window) => sum + (window[index] as number), 0);
}

/** A song keeps its mode when it moves, unless the chords plainly rest elsewhere. */
function withMode(region: KeyRegion, scores: readonly (readonly number[])[], home: Key): Key {
  const candidates = KEYS.filter((key) => isRelated(key, region.key));
  const rating = (key: Key): number => scoreIn(region, key, scores) + (key.mode === home.mode ? CHANGE_COST / 2 : 0);
  if (isRelated(region.key, home)) return home;
  return candidates.toSorted((one, other) => rating(other) - rating(one))[0] as Key;
}
