/** The song's beats as a grid from its first sample to behind its last note, and the way between ticks and seconds. */
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import { TICKS_PER_QUARTER } from './tab-score.ts';

export interface GridBar {
  readonly firstBeat: number;
  readonly beats: number;
  /** Beats before the first downbeat. */
  readonly pickup: boolean;
}

export interface BeatGrid {
  /** Where each beat begins, and where the last one ends; never before the song's first sample. */
  readonly beatsSeconds: readonly number[];
  /** Of most bars. */
  readonly beatsPerBar: number;
  readonly beatUnit: 4 | 8;
  readonly ticksPerBeat: number;
  readonly bars: readonly GridBar[];
  /** Where the eighth between two beats falls; 0.5 is straight. */
  readonly swing: number;
}

/** Below this, eighths are a little lazy, not swung. */
const SWUNG = 0.56;
/** The pace at either end of a song is that of so many beats. */
const NEAR_BEATS = 9;

/** @param endSeconds the grid reaches at least a beat behind this, and its last bar is whole */
export function beatGrid(rhythm: SongRhythm, endSeconds: number): BeatGrid {
  const { beatsPerBar, beatUnit } = rhythm.timeSignature;
  const { beats, before } = withBeatsBefore(rhythm.beatsSeconds);
  const starts = barStarts(
    rhythm.downbeatsSeconds.length === 0
      ? [before]
      : rhythm.downbeatsSeconds.map((seconds) => nearestIndex(beats, seconds)),
    beatsPerBar,
  );
  const period = medianPeriod(beats.slice(-NEAR_BEATS));
  do {
    const next = (starts.at(-1) as number) + beatsPerBar;
    while (beats.length <= next) beats.push((beats.at(-1) as number) + period);
    starts.push(next);
  } while ((beats[(starts.at(-1) as number) - 1] as number) < endSeconds);
  const end = starts.pop() as number;
  const bars = starts.map((firstBeat, bar) => ({
    firstBeat,
    beats: (starts[bar + 1] ?? end) - firstBeat,
    pickup: false,
  }));
  const pickupBeats = starts[0] as number;
  return {
    beatsSeconds: beats.slice(0, end + 1),
    beatsPerBar,
    beatUnit,
    ticksPerBeat: (TICKS_PER_QUARTER * 4) / beatUnit,
    bars: pickupBeats === 0 ? bars : [{ firstBeat: 0, beats: pickupBeats, pickup: true }, ...bars],
    swing: beatUnit === 4 && rhythm.swing !== null && rhythm.swing >= SWUNG ? rhythm.swing : 0.5,
  };
}

/** As many beats of the first pace as fit before the first one that was found. */
function withBeatsBefore(found: readonly number[]): { beats: number[]; before: number } {
  const period = medianPeriod(found.slice(0, NEAR_BEATS));
  const first = found[0] as number;
  const before = Math.floor(first / period);
  return {
    beats: [...Array.from({ length: before }, (_, beat) => first - (before - beat) * period), ...found],
    before,
  };
}

/** Rising beat numbers where bars begin, none further apart than a bar and a part of one: where no downbeat was heard for long, bars go on. */
function barStarts(downbeats: readonly number[], beatsPerBar: number): number[] {
  const starts: number[] = [];
  for (let beat = (downbeats[0] as number) % beatsPerBar; beat < (downbeats[0] as number); beat += beatsPerBar) {
    starts.push(beat);
  }
  for (const downbeat of downbeats) {
    for (let last = starts.at(-1); last !== undefined && downbeat - last >= 2 * beatsPerBar; last = starts.at(-1)) {
      starts.push(last + beatsPerBar);
    }
    if (downbeat > (starts.at(-1) ?? -1)) starts.push(downbeat);
  }
  return starts;
}

/** In ticks from the start of the grid; parts of a tick where it falls between. Before the grid it is 0. */
export function tickAt(grid: BeatGrid, seconds: number): number {
  const beat = beatAt(grid, seconds);
  const begin = grid.beatsSeconds[beat] as number;
  const length = (grid.beatsSeconds[beat + 1] as number) - begin;
  const fraction = Math.min(1, Math.max(0, (seconds - begin) / length));
  return beat * grid.ticksPerBeat + fraction * grid.ticksPerBeat;
}

/**
 * When a tick of the grid sounds. Straight subdivisions move with the swing; thirds of a beat stay where they are.
 * @param tick a whole number from 0 to the end of the grid
 */
export function secondsAt(grid: BeatGrid, tick: number): number {
  const beat = Math.min(Math.floor(tick / grid.ticksPerBeat), grid.beatsSeconds.length - 2);
  const begin = grid.beatsSeconds[beat] as number;
  const length = (grid.beatsSeconds[beat + 1] as number) - begin;
  return begin + length * soundingFraction(grid, tick - beat * grid.ticksPerBeat);
}

/** @returns how far into its beat a tick sounds, 0 to 1 */
export function soundingFraction({ swing, ticksPerBeat }: BeatGrid, tickInBeat: number): number {
  const written = tickInBeat / ticksPerBeat;
  const third = ticksPerBeat === TICKS_PER_QUARTER && (tickInBeat === 4 || tickInBeat === 8);
  if (third) return written;
  return written <= 0.5 ? written * 2 * swing : swing + (written - 0.5) * 2 * (1 - swing);
}

/** @returns the beat in which a moment lies; the first or last one for what lies outside */
export function beatAt({ beatsSeconds }: BeatGrid, seconds: number): number {
  let low = 0;
  let high = beatsSeconds.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((beatsSeconds[middle] as number) <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}

function nearestIndex(rising: readonly number[], value: number): number {
  const after = rising.findIndex((each) => each >= value);
  if (after === -1) return rising.length - 1;
  return after > 0 && value - (rising[after - 1] as number) < (rising[after] as number) - value ? after - 1 : after;
}

function medianPeriod(beats: readonly number[]): number {
  const periods = beats.slice(1).map((seconds, index) => seconds - (beats[index] as number));
  return periods.sort((a, b) => a - b)[periods.length >> 1] as number;
}
