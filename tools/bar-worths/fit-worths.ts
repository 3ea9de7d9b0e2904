/** What each trait of bars is worth, so that among all ways to hear a song the right ones are believed. */
import { BAR_TRAITS } from '../../gpu-worker/analysis/bar-traits.ts';
import type { BarTrait } from '../../gpu-worker/analysis/bar-traits.ts';

export interface Way {
  readonly likelihood: number;
  /** In the order of {@link BAR_TRAITS}, grown with the song's length as `worthOf` does it. */
  readonly traits: readonly number[];
  /** 0 to 1: how far it counts as right. Several ways to hear a song may. */
  readonly right: number;
}

/** A song's nats are believed by half, as neighbouring onsets tell the same story twice. */
const BELIEVED = 0.5;
/** Pulls worths to 0 that few songs need; on traits of deviation 1 within a song. */
const RIDGE = 0.05;
const ROUNDS = 300;
/** Adam (Kingma and Ba 2015): step, and how long means last. */
const STEP = 0.1;
const [MEAN_DECAY, SQUARE_DECAY] = [0.9, 0.99];
/** Traits are told so that more of them is never worse; bars of three alone may go either way. */
const EITHER_WAY: ReadonlySet<BarTrait> = new Set(['three']);
/** Not fitted: songs that are made at all tempos alike do not tell which are usual. Little, so that nothing is folded into a range. */
export const HELD: Readonly<Partial<Record<BarTrait, number>>> = { 'usual tempo': 1 };

/**
 * Logistic regression over the ways to hear a song (a conditional logit, McFadden 1974): raises the probability that one of the right ones is believed.
 * @returns nats for a trait of 1, on top of the likelihood
 */
export function fitWorths(songs: readonly (readonly Way[])[]): Record<BarTrait, number> {
  const deviations = BAR_TRAITS.map((_, trait) => {
    const spread = songs.map((ways) => variance(ways.map(({ traits }) => traits[trait]!)));
    return Math.sqrt(spread.reduce((sum, value) => sum + value, 0) / songs.length) || 1;
  });
  const weights = Float64Array.from(BAR_TRAITS, (name, k) => (HELD[name] ?? 0) * BELIEVED * deviations[k]!);
  const means = new Float64Array(BAR_TRAITS.length);
  const squares = new Float64Array(BAR_TRAITS.length);
  for (let round = 1; round <= ROUNDS; round++) {
    const slopes = new Float64Array(BAR_TRAITS.length);
    for (const ways of songs) addSlopes(ways, weights, deviations, slopes);
    const step = round < ROUNDS / 2 ? STEP : 0.3 * STEP;
    BAR_TRAITS.forEach((name, k) => {
      if (HELD[name] !== undefined) return;
      const slope = slopes[k]! / songs.length + RIDGE * weights[k]!;
      means[k] = MEAN_DECAY * means[k]! + (1 - MEAN_DECAY) * slope;
      squares[k] = SQUARE_DECAY * squares[k]! + (1 - SQUARE_DECAY) * slope * slope;
      const mean = means[k] / (1 - MEAN_DECAY ** round);
      weights[k]! -= (step * mean) / (Math.sqrt(squares[k] / (1 - SQUARE_DECAY ** round)) + 1e-8);
      if (!EITHER_WAY.has(name)) weights[k] = Math.max(0, weights[k]!);
    });
  }
  return Object.fromEntries(BAR_TRAITS.map((name, k) => [name, weights[k]! / deviations[k]! / BELIEVED])) as Record<
    BarTrait,
    number
  >;
}

/** Of the negative log probability that a right way is believed. */
function addSlopes(
  ways: readonly Way[],
  weights: Float64Array,
  deviations: readonly number[],
  slopes: Float64Array,
): void {
  const beliefs = ways.map(({ likelihood, traits }) =>
    traits.reduce((sum, trait, k) => sum + (weights[k]! / deviations[k]!) * trait, BELIEVED * likelihood),
  );
  const top = Math.max(...beliefs);
  const odds = beliefs.map((belief) => Math.exp(belief - top));
  const all = odds.reduce((sum, value) => sum + value, 0);
  const right = odds.reduce((sum, value, n) => sum + ways[n]!.right * value, 0);
  ways.forEach((way, n) => {
    const pull = odds[n]! / all - (right > 0 ? (way.right * odds[n]!) / right : 0);
    way.traits.forEach((trait, k) => {
      slopes[k]! += (pull * trait) / deviations[k]!;
    });
  });
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
