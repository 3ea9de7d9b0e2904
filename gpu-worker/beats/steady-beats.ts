// Beats that a network plainly missed, or heard too many of.

/** Intervals on either side that must agree before anything is changed, and how many of them there must be. */
const NEAR_INTERVALS = 4;
const FEWEST_INTERVALS = 3;
/** They agree when each is within this share of their mean, and a frame. */
const STEADY_WITHIN = 0.1;
const FRAME_SECONDS = 0.02;
/** A gap is a whole number of beats when it is as near to that, in beats; so are two short intervals one beat. */
const WHOLE_WITHIN = 0.2;
/** An interval is too short below this share of a beat. */
const SHORT = 0.75;
/** And too long above this one, where beats are missing. */
const LONG = 1.5;
/** More than a bar that is missed is a break. */
const MOST_MISSED = 4;

/**
 * Where the beats on both sides of a gap go on at one steady tempo, and the gap is a whole number of such beats, those are put in; where a beat divides
 * an interval of such a tempo, it is left out. Wherever else the beats are uneven, they stay as they are.
 *
 * @param beatsSeconds rising
 */
export function steadyBeats(beatsSeconds: readonly number[]): number[] {
  return bridgeGaps(leaveOutExtra(beatsSeconds));
}

function leaveOutExtra(beats: readonly number[]): number[] {
  return beats.filter((at, n) => {
    const [before, after] = [beats[n - 1], beats[n + 1]];
    if (before === undefined || after === undefined) return true;
    const period = steadyPeriod(beats, n - 1, n + 1);
    if (period === null) return true;
    const isShort = Math.max(at - before, after - at) < SHORT * period;
    return !isShort || Math.abs((after - before) / period - 1) > WHOLE_WITHIN;
  });
}

function bridgeGaps(beats: readonly number[]): number[] {
  return beats.flatMap((at, n) => {
    const next = beats[n + 1];
    if (next === undefined) return [at];
    const period = steadyPeriod(beats, n, n + 1);
    if (period === null) return [at];
    const steps = Math.round((next - at) / period);
    const isWhole = Math.abs((next - at) / period - steps) <= WHOLE_WITHIN;
    if (steps < 2 || steps > MOST_MISSED + 1 || !isWhole) return [at];
    return Array.from({ length: steps }, (_, step) => at + ((next - at) * step) / steps);
  });
}

/** Mean interval up to beat `last` and from beat `first` on; null where they do not go on evenly, on both sides and from one to the other. */
function steadyPeriod(beats: readonly number[], last: number, first: number): number | null {
  const before = intervals(beats.slice(Math.max(0, last - NEAR_INTERVALS), last + 1));
  const after = intervals(beats.slice(first, first + NEAR_INTERVALS + 1));
  if (before.length < FEWEST_INTERVALS || after.length < FEWEST_INTERVALS) return null;
  const near = [...before, ...after];
  const mean = near.reduce((sum, interval) => sum + interval, 0) / near.length;
  const isSteady = near.every((interval) => Math.abs(interval - mean) <= STEADY_WITHIN * mean + FRAME_SECONDS);
  return isSteady ? mean : null;
}

/** Numbers of the beats before which one or more are missing: the interval is plainly longer than most of those near it. */
export function beatsAfterGaps(beats: readonly number[]): Set<number> {
  const all = intervals(beats);
  const after = all.flatMap((interval, n) => {
    const near = all.slice(Math.max(0, n - NEAR_INTERVALS), n + NEAR_INTERVALS + 1);
    return interval > LONG * median(near) ? [n + 1] : [];
  });
  return new Set(after);
}

/** Of two in the middle, the greater. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Between each of rising numbers and the next. */
export function intervals(rising: readonly number[]): number[] {
  return rising.slice(1).map((value, n) => value - rising[n]!);
}
