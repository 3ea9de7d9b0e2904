// Phrases: runs of bars that come again elsewhere in the song.
import type { SelfSimilarity } from '../dsp/self-similarity.ts';

/** Bars `from` .. `to - 1`; phrases of a `kind` sound the same. */
export interface Phrase {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
}

const LONGEST_BARS = 8;
/** Phrases whose bars are so alike on average, in order, are of one kind. */
const ALIKE = 0.9;

/**
 * Tiles the song with phrases so that each comes again as faithfully as can be, and most have four bars, some eight, by dynamic programming (a form of
 * the fitness of Müller, Jiang and Grosche 2013, "A robust fitness measure for capturing repetitions in music recordings").
 */
export function findPhrases(similarity: SelfSimilarity): Phrase[] {
  const starts = phraseStarts(similarity);
  const kinds: number[] = [];
  starts.forEach((from, index) => {
    const to = starts[index + 1] ?? similarity.count;
    let best = { kind: Math.max(-1, ...kinds) + 1, alike: ALIKE };
    for (let earlier = 0; earlier < index; earlier++) {
      const alike = likeness(similarity, [starts[earlier]!, starts[earlier + 1]!], [from, to]);
      if (alike > best.alike) best = { kind: kinds[earlier]!, alike };
    }
    kinds.push(best.kind);
  });
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? similarity.count, kind: kinds[index]! }));
}

function phraseStarts(similarity: SelfSimilarity): number[] {
  const { count } = similarity;
  const best = new Float64Array(count + 1).fill(Number.NEGATIVE_INFINITY);
  const from = new Int32Array(count + 1);
  best[0] = 0;
  for (let end = 1; end <= count; end++) {
    for (let start = Math.max(0, end - LONGEST_BARS); start < end; start++) {
      const bars = end - start;
      const score = best[start]! + bars * repetition(similarity, start, bars) - lengthCost(bars, end === count);
      if (score > best[end]!) [best[end], from[end]] = [score, start];
    }
  }
  const starts: number[] = [];
  for (let end = count; end > 0; end = from[end]!) starts.unshift(from[end]!);
  return starts;
}

/** How faithfully so many bars from `start` come again, best of all places that do not overlap them. */
function repetition({ count, values }: SelfSimilarity, start: number, bars: number): number {
  let best = 0;
  for (let other = 0; other + bars <= count; other++) {
    if (Math.abs(other - start) < bars) continue;
    let sum = 0;
    for (let n = 0; n < bars; n++) sum += values[(start + n) * count + other + n]!;
    best = Math.max(best, sum / bars);
  }
  return best;
}

/** In bars of perfect repetition. The last phrase may be of any length, for songs end off the grid of four bars. */
function lengthCost(bars: number, atEnd: boolean): number {
  if (bars === 4) return 0.3;
  if (bars === 8) return 0.65;
  if (atEnd) return 0.4;
  return bars % 2 === 0 ? 1 : 1.5;
}

/** Mean similarity of two phrases' bars in order, from their beginnings; 0 where one is more than twice as long. */
function likeness({ count, values }: SelfSimilarity, one: [number, number], other: [number, number]): number {
  const lengths = [one[1] - one[0], other[1] - other[0]] as const;
  const bars = Math.min(...lengths);
  if (2 * bars < Math.max(...lengths)) return 0;
  let sum = 0;
  for (let n = 0; n < bars; n++) sum += values[(one[0] + n) * count + other[0] + n]!;
  return sum / bars;
}
