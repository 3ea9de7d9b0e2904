/** Every grip for a stroke: each shape that the hand can hold, at each position from which it can. */
import type { Instrument } from '../../workflows/contract/tab.ts';
import { gripCost, leadString, leftOutCost } from './fingering-costs.ts';
import { FINGERS, needsBarre, spanFrets } from './hand.ts';
import type { Hand, Place } from './hand.ts';
import { shapesOf } from './places.ts';
import type { Shape } from './places.ts';

export interface GripChoice {
  readonly shape: Shape;
  readonly position: number;
  /** Of what is played; null where nothing is. */
  readonly string: number | null;
  readonly cost: number;
}

export interface StruckPitch {
  readonly pitchMidi: number;
  /** 0 to 1. */
  readonly amplitude: number;
}

/** @returns the cheapest choice for each position and leading string, silence among them */
export function gripChoices(struck: readonly StruckPitch[], instrument: Instrument, hand: Hand): GripChoice[] {
  const pitches = struck.map(({ pitchMidi }) => pitchMidi);
  const silence: Shape = pitches.map(() => null);
  const cheapest = new Map<string, GripChoice>();
  for (const shape of [...shapesOf(pitches, instrument, hand), silence]) {
    const places = shape.filter((place) => place !== null);
    const string = leadString(places);
    const leftOut = struck.reduce((sum, { amplitude }, index) => sum + (shape[index] ? 0 : leftOutCost(amplitude)), 0);
    for (const position of positionsFor(places, instrument)) {
      const cost = gripCost({ places, position }, instrument) + leftOut;
      const key = `${position}/${string}`;
      if (cost < (cheapest.get(key)?.cost ?? Number.POSITIVE_INFINITY)) {
        cheapest.set(key, { shape, position, string, cost });
      }
    }
  }
  return [...cheapest.values()];
}

/** Where the index finger may be: anywhere for open strings, on the lowest fret for a barre, else at most a finger a fret below. */
export function positionsFor(places: readonly Place[], { frets, capo }: Instrument): number[] {
  const fretted = places.flatMap(({ fret }) => (fret > 0 ? [fret] : []));
  if (fretted.length === 0) return range(1, Math.max(1, frets - capo));
  const lowest = Math.min(...fretted);
  if (needsBarre(places)) return [lowest];
  return range(Math.max(1, Math.max(...fretted) - Math.max(FINGERS - 1, spanFrets(places))), lowest);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
