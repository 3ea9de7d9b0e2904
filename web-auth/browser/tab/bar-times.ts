/** Which bar of a tab is played at a moment, and how much of it has been. */

export interface PlaceInTab {
  /** From 0. */
  readonly bar: number;
  /** Of the bar, 0 to 1. */
  readonly at: number;
}

export interface BarTimes {
  readonly bars: number;
  /** The first bar before the tab begins, the end of the last one behind its end. */
  placeAt(seconds: number): PlaceInTab;
  startOf(bar: number): number;
  endOf(bar: number): number;
}

/** @param barsSeconds where each bar begins, and where the last one ends */
export function createBarTimes(barsSeconds: readonly number[]): BarTimes {
  const bars = Math.max(0, barsSeconds.length - 1);
  const edge = (index: number): number => barsSeconds[Math.max(0, Math.min(bars, index))] ?? 0;
  return {
    bars,
    placeAt(seconds) {
      let [low, high] = [0, Math.max(0, bars - 1)];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (edge(middle) <= seconds) low = middle;
        else high = middle - 1;
      }
      const length = edge(low + 1) - edge(low);
      return { bar: low, at: length <= 0 ? 0 : Math.max(0, Math.min(1, (seconds - edge(low)) / length)) };
    },
    startOf: edge,
    endOf: (bar) => edge(bar + 1),
  };
}
