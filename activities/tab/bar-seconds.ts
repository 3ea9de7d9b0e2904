import { secondsAt } from './beat-grid.ts';
import type { TabScore } from './tab-score.ts';

/** Where each bar of a score begins in the song, and where the last one ends, in seconds. */
export function barSeconds({ bars, grid }: Pick<TabScore, 'bars' | 'grid'>): number[] {
  const ends = bars.map(({ startTick, ticks }) => startTick + ticks);
  return [bars[0]?.startTick ?? 0, ...ends].map((tick) => secondsAt(grid, tick));
}
