// How much each trait of a bar counts beside the likelihood.
import { BAR_TRAITS } from './bar-traits.ts';
import type { BarTrait, BarTraits } from './bar-traits.ts';

/**
 * Nats for a trait of 1. Fitted by `tools/bar-worths` to songs of `tools/analysis-songs` (seeds 200 and 201, and mixed bands of 301 and 302), and rounded.
 */
const WORTH: Readonly<Record<BarTrait, number>> = {
  repetition: 7.4,
  backbeat: 2.7,
  chords: 11.6,
  'chords next best': 5.9,
  'usual tempo': 1,
  three: 1.7,
};
/** Known before a note is heard. What the others tell grows with what is heard, and is meant for a song of {@link USUAL_SECONDS}. */
const BEFOREHAND: ReadonlySet<BarTrait> = new Set(['usual tempo', 'three']);
const USUAL_SECONDS = 40;

/** By what a trait counts the more, the longer a song lasts. */
export function growth(trait: BarTrait, songSeconds: number): number {
  return BEFOREHAND.has(trait) ? 1 : songSeconds / USUAL_SECONDS;
}

/** Nats by which bars are the more credible for their traits. */
export function worthOf(traits: BarTraits, songSeconds: number): number {
  return BAR_TRAITS.reduce((sum, name) => sum + WORTH[name] * traits[name] * growth(name, songSeconds), 0);
}
