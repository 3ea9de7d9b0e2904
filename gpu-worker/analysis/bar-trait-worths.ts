// How much each trait of a bar counts.
import { BAR_TRAITS } from './bar-traits.ts';
import type { BarTrait, BarTraits } from './bar-traits.ts';

/** Nats for a trait of 1. */
const WORTH: Readonly<Record<BarTrait, number>> = {
  repetition: 6.7,
  backbeat: 1.8,
  'half time': 8.4,
  chords: 9.3,
  'chords next best': 7.5,
  'usual tempo': 1.5,
  three: 0.8,
};
/** Known before a note is heard. What the others tell grows with what is heard, and is meant for a song of {@link USUAL_SECONDS}. */
const BEFOREHAND: ReadonlySet<BarTrait> = new Set(['usual tempo', 'three']);
const USUAL_SECONDS = 40;

/** Nats by which bars are the more credible for their traits. */
export function worthOf(traits: BarTraits, songSeconds: number): number {
  return BAR_TRAITS.reduce(
    (sum, name) => sum + WORTH[name] * traits[name] * (BEFOREHAND.has(name) ? 1 : songSeconds / USUAL_SECONDS),
    0,
  );
}
