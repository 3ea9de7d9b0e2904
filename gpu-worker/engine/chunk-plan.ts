/** Which windows are computed and checkpointed together. */
import type { WindowSpan } from '../models/separator.ts';

/** Windows `first` to `last`, both included. */
export interface WindowRange {
  readonly first: number;
  readonly last: number;
}

/** What the windows of a song mean for its chunks. */
export interface WindowGrid {
  readonly windowCount: number;
  /** From one window's output to the next one's; the song's length where there is one window. */
  readonly hopSamples: number;
  /** How many windows at most contribute to one sample. */
  readonly maxOverlap: number;
}

const MOST_WINDOWS = 16;
const CHUNKS_PER_LANE = 4;

/**
 * Checks a separator's windows and sums them up.
 *
 * @throws RangeError when they are out of order or leave samples of the song out.
 */
export function describeGrid(windows: readonly WindowSpan[], totalSamples: number): WindowGrid {
  let coveredEnd = 0;
  let previousStart = -Infinity;
  let maxOverlap = 0;
  const openEnds: number[] = [];
  for (const { outputStart, outputEnd } of windows) {
    if (outputStart < previousStart) throw new RangeError('windows are not in order of their output');
    if (outputStart > coveredEnd) {
      throw new RangeError(`no window covers samples ${String(coveredEnd)} to ${String(outputStart)}`);
    }
    previousStart = outputStart;
    coveredEnd = Math.max(coveredEnd, outputEnd);
    openEnds.push(outputEnd);
    while (openEnds.length > 0 && (openEnds[0] as number) <= outputStart) openEnds.shift();
    maxOverlap = Math.max(maxOverlap, openEnds.length);
  }
  if (coveredEnd < totalSamples) {
    throw new RangeError(`no window covers samples ${String(coveredEnd)} to ${String(totalSamples)}`);
  }
  const [first] = windows;
  const span = first === undefined ? 0 : previousStart - first.outputStart;
  const hopSamples = windows.length > 1 ? span / (windows.length - 1) : totalSamples;
  return { windowCount: windows.length, hopSamples, maxOverlap };
}

/**
 * Windows per chunk so that a chunk stands for about `chunkSeconds` of the song, which is what a killed worker may lose; fewer where
 * the last chunks would otherwise leave some of the `lanes` idle for long.
 */
export function chunkWindowsFor(
  grid: WindowGrid,
  options: { readonly rateHz: number; readonly chunkSeconds: number; readonly lanes: number },
): number {
  const wished = Math.round((options.chunkSeconds * options.rateHz) / Math.max(1, grid.hopSamples));
  const balanced = Math.floor(grid.windowCount / (options.lanes * CHUNKS_PER_LANE));
  return Math.max(1, Math.min(MOST_WINDOWS, wished, balanced));
}

/**
 * Keeps as many of the ranges that an earlier attempt stored as do not overlap (it may have cut other chunks than this one would),
 * and cuts what is left into ranges of at most `chunkWindows`.
 */
export function planChunks(
  windowCount: number,
  chunkWindows: number,
  stored: readonly WindowRange[],
): { readonly kept: readonly WindowRange[]; readonly missing: readonly WindowRange[] } {
  const kept: WindowRange[] = [];
  const missing: WindowRange[] = [];
  let next = 0;
  // Of ranges that start together the longest first.
  for (const range of stored.toSorted((a, b) => a.first - b.first || b.last - a.last)) {
    if (range.first < next || range.last < range.first || range.last >= windowCount) continue;
    missing.push(...cut(next, range.first, chunkWindows));
    kept.push(range);
    next = range.last + 1;
  }
  missing.push(...cut(next, windowCount, chunkWindows));
  return { kept, missing };
}

/** Windows `from` to before `end`, with borders at multiples of `chunkWindows`. */
function cut(from: number, end: number, chunkWindows: number): WindowRange[] {
  const ranges: WindowRange[] = [];
  for (let first = from; first < end;) {
    const border = (Math.floor(first / chunkWindows) + 1) * chunkWindows;
    const next = Math.min(border, end);
    ranges.push({ first, last: next - 1 });
    first = next;
  }
  return ranges;
}
