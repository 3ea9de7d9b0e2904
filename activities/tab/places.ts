/** Where pitches can be played on an instrument, one by one and together. */
import type { Instrument } from '../../workflows/contract/tab.ts';
import { canHold, reaches } from './hand.ts';
import type { Hand, Place } from './hand.ts';

/** @returns every place of a pitch, from the highest string to the lowest; none where it is out of range */
export function placesOf(pitchMidi: number, { tuning, capo, frets }: Instrument): Place[] {
  return tuning
    .toReversed()
    .map((open, index) => ({ string: index + 1, fret: pitchMidi - open - capo }))
    .filter(({ fret }) => fret >= 0 && fret <= frets - capo);
}

/** The pitch that sounds at a place. */
export function pitchAt({ string, fret }: Place, { tuning, capo }: Instrument): number {
  return (tuning[tuning.length - string] as number) + capo + fret;
}

/** For each pitch its place, or null where it is left out. */
export type Shape = readonly (Place | null)[];

/**
 * @param pitches of one stroke, at most as many as there are strings
 * @returns every way in which the hand can hold as many of them as it can at all
 */
export function shapesOf(pitches: readonly number[], instrument: Instrument, hand: Hand): Shape[] {
  const choices = pitches.map((pitch) => placesOf(pitch, instrument));
  let most = 0;
  let shapes: Shape[] = [];

  function extend(shape: Shape, held: readonly Place[]): void {
    if (held.length + pitches.length - shape.length < most) return;
    if (shape.length === pitches.length) {
      if (!canHold(held, hand, instrument.capo)) return;
      if (held.length > most) shapes = [];
      most = held.length;
      shapes.push(shape);
      return;
    }
    for (const place of choices[shape.length] as Place[]) {
      const next = [...held, place];
      if (held.some(({ string }) => string === place.string) || !reaches(next, hand, instrument.capo)) continue;
      extend([...shape, place], next);
    }
    extend([...shape, null], held);
  }

  extend([], []);
  return shapes;
}
