/** What one hand can hold on a fretted neck at once. */
import type { TabLevel } from '../../workflows/contract/tab.ts';

/** A finger's place, or an open string. */
export interface Place {
  /** 1 is the highest string. */
  readonly string: number;
  /** From the capo; 0 is open. */
  readonly fret: number;
}

export interface Hand {
  /** From the lowest to the highest fretted note, in frets; the second where the neck is narrow, from {@link NARROW_FRET} on. */
  readonly reachFrets: number;
  readonly highReachFrets: number;
  /** Notes that are struck together. */
  readonly notesAtOnce: number;
}

export const HANDS: Readonly<Record<TabLevel, Hand>> = {
  easy: { reachFrets: 3, highReachFrets: 3, notesAtOnce: 1 },
  intermediate: { reachFrets: 3, highReachFrets: 4, notesAtOnce: 4 },
  full: { reachFrets: 4, highReachFrets: 5, notesAtOnce: Number.POSITIVE_INFINITY },
};

/** Counted from the nut. */
export const NARROW_FRET = 12;
export const FINGERS = 4;

/** From the lowest fretted note to the highest, in frets; 0 where nothing is fretted. */
export function spanFrets(places: readonly Place[]): number {
  const frets = places.flatMap(({ fret }) => (fret > 0 ? [fret] : []));
  return frets.length === 0 ? 0 : Math.max(...frets) - Math.min(...frets);
}

/** Whether the hand reaches from the lowest fretted note to the highest. */
export function reaches(places: readonly Place[], hand: Hand, capo: number): boolean {
  const lowest = Math.min(...places.flatMap(({ fret }) => (fret > 0 ? [fret] : [])));
  return spanFrets(places) <= (lowest + capo >= NARROW_FRET ? hand.highReachFrets : hand.reachFrets);
}

/** Whether more notes are fretted than there are fingers, so that one finger stops several strings. */
export function needsBarre(places: readonly Place[]): boolean {
  return fretted(places) > FINGERS;
}

/**
 * How many fingers a shape takes where fingers may lie flat: on the lowest fret across all strings up to the next open one, since what is fretted higher
 * sounds over it; elsewhere across neighbouring strings of one fret.
 */
export function flatFingers(places: readonly Place[]): number {
  const stringsByFret = Map.groupBy(
    places.filter(({ fret }) => fret > 0),
    ({ fret }) => fret,
  );
  const lowest = Math.min(...stringsByFret.keys());
  const opens = places.flatMap(({ fret, string }) => (fret === 0 ? [string] : []));
  return [...stringsByFret].reduce((fingers, [fret, held]) => {
    const strings = held.map(({ string }) => string).sort((a, b) => a - b);
    const underOne = (from: number, to: number): boolean =>
      fret === lowest ? opens.every((open) => open < from || open > to) : to - from === 1;
    return (
      fingers + strings.filter((string, index) => index === 0 || !underOne(strings[index - 1] as number, string)).length
    );
  }, 0);
}

/** Whether four fingers suffice. */
export function hasFingersFor(places: readonly Place[]): boolean {
  return !needsBarre(places) || flatFingers(places) <= FINGERS;
}

/** Whether one hand can hold all of this: a string each, within reach, with four fingers. */
export function canHold(places: readonly Place[], hand: Hand, capo: number): boolean {
  return (
    new Set(places.map(({ string }) => string)).size === places.length &&
    reaches(places, hand, capo) &&
    hasFingersFor(places)
  );
}

function fretted(places: readonly Place[]): number {
  return places.filter(({ fret }) => fret > 0).length;
}
