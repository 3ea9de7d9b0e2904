/** Why a hand cannot hold all that is struck at once. */
import type { DroppedNote, Instrument } from '../../workflows/contract/tab.ts';
import type { GripChoice } from './grips.ts';
import { canHold } from './hand.ts';
import type { Hand, Place } from './hand.ts';
import { placesOf } from './places.ts';

/** @param choice how the stroke is played, with at least one of its notes left out */
export function whyLeftOut(
  pitches: readonly number[],
  choice: GripChoice,
  instrument: Instrument,
  hand: Hand,
): DroppedNote['why'] {
  const held = choice.shape.filter((place) => place !== null);
  if (held.length === 0) return 'too fast';
  const anyReach: Hand = { ...hand, reachFrets: Infinity, highReachFrets: Infinity };
  return canHoldAll(pitches, instrument, anyReach) ? 'too wide' : 'too many at once';
}

function canHoldAll(pitches: readonly number[], instrument: Instrument, hand: Hand): boolean {
  const choices = pitches.map((pitch) => placesOf(pitch, instrument));
  const extend = (places: readonly Place[]): boolean =>
    places.length === pitches.length
      ? canHold(places, hand, instrument.capo)
      : (choices[places.length] as Place[]).some(
          (place) => places.every(({ string }) => string !== place.string) && extend([...places, place]),
        );
  return extend([]);
}
