/** Words that follow each other: singers sing one at a time. */
import type { Span } from './voice-activity.ts';

/** A word is never shorter, but where so many would not fit into the song. */
const SHORTEST_SECONDS = 0.02;

/**
 * @param words in their order, with times that may overlap, be empty or go back
 * @param durationSeconds of the sound they are in, above 0
 * @returns the same words: each has a length, and ends before the next begins or as it does. Those that began together share the time of all of them.
 */
export function separateWords<Word extends Span>(words: readonly Word[], durationSeconds: number): Word[] {
  const shortest = Math.min(SHORTEST_SECONDS, durationSeconds / Math.max(1, words.length));
  const turns = takeTurns(words, shortest);
  const starts = turns.map(({ startSeconds }) => startSeconds);
  for (let at = starts.length - 1, latest = durationSeconds; at >= 0; at--) {
    latest = Math.max(0, Math.min(starts[at] as number, latest - shortest));
    starts[at] = latest;
  }
  return words.map((word, at) => {
    const startSeconds = starts[at] as number;
    const next = starts[at + 1] ?? Math.max(durationSeconds, startSeconds + shortest);
    const endSeconds = Math.min(next, Math.max((turns[at] as Span).endSeconds, startSeconds + shortest));
    return { ...word, startSeconds, endSeconds };
  });
}

/** Beginnings rise by the shortest length at least. */
function takeTurns(words: readonly Span[], shortest: number): Span[] {
  const turns: Span[] = [];
  let earliest = 0;
  for (let from = 0; from < words.length;) {
    const start = Math.max(earliest, (words[from] as Span).startSeconds);
    let to = from + 1;
    while (to < words.length && (words[to] as Span).startSeconds < start + shortest) to++;
    const together = words.slice(from, to);
    const next = words[to]?.startSeconds ?? Infinity;
    const end = Math.min(next, Math.max(...together.map(({ endSeconds }) => endSeconds)));
    const share = Math.max(shortest, (end - start) / together.length);
    for (let turn = 0; turn < together.length; turn++) {
      turns.push({ startSeconds: start + turn * share, endSeconds: start + (turn + 1) * share });
    }
    earliest = start + together.length * share;
    from = to;
  }
  return turns;
}
