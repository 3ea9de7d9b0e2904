// Where in a recording there is music to count.
import type { HeardBars } from './hear-bars.ts';

/** Of the strength that one onset in ten reaches. */
const FAINT = 0.15;
/** Share of a beat by which the first onset may be early, and the last late. */
const LOOSE = 0.35;

/**
 * The beats from the first onset to the end of the bar that the last one lies in; null where that is less than two bars.
 * @param onsets of all bands together
 */
export function musicalBeats(
  { beatFrames, firstBeat, template: { beatsPerBar } }: HeardBars,
  onsets: Float32Array,
): { readonly beatFrames: Int32Array; readonly firstBeat: number } | null {
  const span = onsetSpan(onsets);
  if (span === null) return null;
  const period = (beatFrames.at(-1)! - beatFrames[0]!) / (beatFrames.length - 1);
  const from = beatFrames.findIndex((frame) => frame > span.first - LOOSE * period);
  const last = beatFrames.findLastIndex((frame) => frame < span.last + LOOSE * period);
  const toBarEnd = beatsPerBar - 1 - ((last + firstBeat) % beatsPerBar);
  const kept = beatFrames.slice(Math.max(0, from), last + toBarEnd + 1);
  return kept.length < 2 * beatsPerBar
    ? null
    : { beatFrames: kept, firstBeat: (firstBeat + Math.max(0, from)) % beatsPerBar };
}

/** The first and the last frame in which something clearly begins to sound; null where nothing does. */
export function onsetSpan(onsets: Float32Array): { first: number; last: number } | null {
  const beginnings = onsets.filter((value) => value > 0).sort();
  const strong = beginnings[Math.floor(beginnings.length * 0.9)] ?? 0;
  if (strong === 0) return null;
  const isOnset = (value: number): boolean => value > FAINT * strong;
  return { first: onsets.findIndex(isOnset), last: onsets.findLastIndex(isOnset) };
}
