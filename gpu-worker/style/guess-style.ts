/** What a song is, by its tags: a genre and a mood, where one stands out. */
import type { Guess } from '../../workflows/contract/analysis.ts';
import type { StyleActivations } from './hear-style.ts';
import { GENRE_GROUPS, MOOD_GROUPS } from './style-groups.ts';
import type { StyleGroup } from './style-groups.ts';

/** A toss-up: who is less sure than that says nothing. */
const LEAST_CONFIDENCE = 0.5;
/** A share of the group above which its branch names it: a song is told to be metal where it is metal more than all other rock together. */
const BRANCH_SHARE = 0.5;
/** The network is as sure of a genre's tag as it gets; of songs that are plainly of one it says 0.6 to 0.8. */
const FULL_GENRE = 0.6;
/** Listeners tag a mood far less often than a genre, and the network says it as much less often. */
const FULL_MOOD = 0.3;

/** Null for either is "not sure". Labels are in lower case. */
export function guessStyle(activations: StyleActivations): { genre: Guess | null; mood: Guess | null } {
  const probabilityOf = new Map(activations.labels.map((label, at) => [label, activations.probabilities[at] ?? 0]));
  const guess = (groups: readonly StyleGroup[], full: number): Guess | null =>
    guessAmong(groups, full, (tag) => probabilityOf.get(tag) ?? 0);
  return { genre: guess(GENRE_GROUPS, FULL_GENRE), mood: guess(MOOD_GROUPS, FULL_MOOD) };
}

/**
 * The confidence is the geometric mean of how far the best group stands out, its share of all that the tags say, and how high it is, its likeliest tag
 * over what a sure one has: neither makes up for the other.
 */
function guessAmong(groups: readonly StyleGroup[], full: number, probability: (tag: string) => number): Guess | null {
  const sumOf = (tags: readonly string[]): number => tags.reduce((sum, tag) => sum + probability(tag), 0);
  const weighed = groups.map((group) => ({ group, weight: sumOf(group.tags) }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const best = weighed.reduce((most, next) => (next.weight > most.weight ? next : most));
  const likeliest = Math.max(...best.group.tags.map(probability));
  if (total === 0 || likeliest < (best.group.atLeast ?? 0)) return null;
  const confidence = Math.sqrt((best.weight / total) * Math.min(1, likeliest / full));
  if (confidence < LEAST_CONFIDENCE) return null;
  const branches = Object.entries(best.group.branches ?? {});
  const branch = branches.find(([, tags]) => sumOf(tags) > BRANCH_SHARE * best.weight);
  return { label: branch?.[0] ?? best.group.label, confidence };
}
