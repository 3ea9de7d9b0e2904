/**
 * What makes a fingering uncomfortable. Movement of the hand and the span of its fingers decide; low frets are no aim in themselves, since players stay
 * where the hand is.
 */
import type { Instrument } from '../../workflows/contract/tab.ts';
import { FINGERS, NARROW_FRET, needsBarre, spanFrets } from './hand.ts';
import type { Place } from './hand.ts';

const SPAN = 0.5;
/** Each fret beyond one finger a fret. */
const STRETCH = 0.5;
const STRING_GAP = 0.5;
const BARRE = 1;
/** Each note on the narrow frets. */
const HIGH = 1;
/** An open string sounds unlike its neighbours, and ends when the hand leaves it nothing to hold: paid away from the nut. */
const OPEN_IN_POSITION = 0.5;
const FIRST_POSITIONS = 3;
const SHIFT = 1;
const STRING_CHANGE = 0.1;
/** Of two ways that are equal in all else, the one nearer the nut. */
const TIE_BREAK = 0.001;
/** More than any fingering costs, so that notes are left out only where there is no way; the loudest last. */
const LEFT_OUT = 1000;
const LOUDNESS = 100;

/** How far a hand moves in no time, and in a second, in frets. */
const NEAR_FRETS = 2;
const FRETS_PER_SECOND = 40;

/** How a stroke is played: what is held, and where the index finger is. */
export interface Grip {
  readonly places: readonly Place[];
  /** The fret that belongs to the index finger, 1 and up, from the capo. */
  readonly position: number;
}

/** What it costs to hold a grip. */
export function gripCost({ places, position }: Grip, { capo }: Instrument): number {
  const frets = places.map(({ fret }) => fret);
  const strings = places.map(({ string }) => string);
  const gaps = places.length === 0 ? 0 : Math.max(...strings) - Math.min(...strings) + 1 - places.length;
  const open = frets.filter((fret) => fret === 0).length;
  const high = frets.filter((fret) => fret + capo > NARROW_FRET).length;
  return (
    SPAN * spanFrets(places) +
    STRETCH * Math.max(0, ...frets.map((fret) => fret - position - (FINGERS - 1))) +
    STRING_GAP * gaps +
    (needsBarre(places) ? BARRE : 0) +
    HIGH * high +
    (position > FIRST_POSITIONS ? OPEN_IN_POSITION * open : 0) +
    TIE_BREAK * position
  );
}

/** What it costs to leave a note out. @param amplitude 0 to 1 */
export function leftOutCost(amplitude: number): number {
  return LEFT_OUT + LOUDNESS * amplitude;
}

/** What it costs to go from one grip to the next; infinite where there is no time. @param seconds between their starts */
export function moveCost(
  from: { readonly position: number; readonly string: number | null },
  to: { readonly position: number; readonly string: number | null },
  seconds: number,
): number {
  const frets = Math.abs(to.position - from.position);
  if (frets > NEAR_FRETS + FRETS_PER_SECOND * seconds) return Number.POSITIVE_INFINITY;
  const strings = from.string === null || to.string === null ? 0 : Math.abs(to.string - from.string);
  return SHIFT * frets + STRING_CHANGE * strings;
}

/** The string that the ear follows: that of the highest place held. */
export function leadString(places: readonly Place[]): number | null {
  return places.length === 0 ? null : Math.min(...places.map(({ string }) => string));
}
