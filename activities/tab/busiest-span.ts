/** Where a tab is worth listening to. */
import { secondsAt } from './beat-grid.ts';
import type { TabScore } from './tab-score.ts';

/** @returns the bar's start from which on most notes begin within `seconds`, and how much of that is left of the song; null where nothing is played */
export function busiestSpan(
  { grid, bars, played }: TabScore,
  seconds: number,
): { readonly fromSeconds: number; readonly seconds: number } | null {
  const starts = played.map(({ startTick }) => secondsAt(grid, startTick)).sort((a, b) => a - b);
  const endSeconds = Math.max(...played.map(({ endTick }) => secondsAt(grid, endTick)));
  let [most, busiest] = [0, 0];
  let [first, behind] = [0, 0];
  for (const bar of bars) {
    const fromSeconds = secondsAt(grid, bar.startTick);
    while (first < starts.length && (starts[first] as number) < fromSeconds) first++;
    while (behind < starts.length && (starts[behind] as number) < fromSeconds + seconds) behind++;
    if (behind - first > most) [most, busiest] = [behind - first, fromSeconds];
  }
  return most === 0 ? null : { fromSeconds: busiest, seconds: Math.min(seconds, endSeconds - busiest) };
}
