/** Where in its beat each onset is written: on quarters of the beat or on thirds, whichever explains the bar with less error. */
import { soundingFraction } from './beat-grid.ts';
import type { BeatGrid } from './beat-grid.ts';
import { TICKS_PER_QUARTER } from './tab-score.ts';

/** An onset this far from its slot costs 1; the spread of a player's and of the note detector's timing. */
const SPREAD_SECONDS = 0.025;
/** What a reader pays for a slot: the eighth between beats next to nothing, the sixteenths more, most where eighths swing. */
const EIGHTH = 0.2;
const SIXTEENTH = 0.6;
const SWUNG_SIXTEENTH = 3;
const THIRD = 0.6;
/** For a beat in thirds, and for a bar that has both where eighths do not swing. */
const THIRDS_IN_BEAT = 1;
const BOTH_IN_BAR = 1.5;

interface Slot {
  /** From the beat; the last one is the next beat. */
  readonly tick: number;
  readonly fraction: number;
  readonly cost: number;
}

interface Reading {
  readonly ticks: readonly number[];
  readonly cost: number;
}

/**
 * @param fractions for each beat of a bar, where its onsets lie in it, 0 to 1
 * @param beatSeconds the length of each beat
 * @returns for each beat, the tick of each onset from the start of its beat
 */
export function chooseSlots(
  grid: BeatGrid,
  fractions: readonly (readonly number[])[],
  beatSeconds: readonly number[],
): (readonly number[])[] {
  const straight = straightSlots(grid);
  const thirds = grid.ticksPerBeat === TICKS_PER_QUARTER ? thirdSlots(grid) : null;
  const beats = fractions.map((onsets, beat) => {
    const seconds = beatSeconds[beat] as number;
    const inQuarters = read(onsets, straight, seconds);
    if (thirds === null || onsets.length === 0) return { inQuarters, inThirds: inQuarters };
    const inThirds = read(onsets, thirds, seconds);
    // A beat with nothing off the beat is neither.
    if (inThirds.ticks.every((tick) => tick % grid.ticksPerBeat === 0)) return { inQuarters, inThirds };
    return { inQuarters, inThirds: { ...inThirds, cost: inThirds.cost + THIRDS_IN_BEAT } };
  });
  const allQuarters = beats.map(({ inQuarters }) => inQuarters);
  const allThirds = beats.map(({ inThirds }) => inThirds);
  const mixed = beats.map(({ inQuarters, inThirds }) => (inThirds.cost < inQuarters.cost ? inThirds : inQuarters));
  const readings = [
    { beats: allQuarters, cost: total(allQuarters) },
    { beats: allThirds, cost: total(allThirds) },
    { beats: mixed, cost: total(mixed) + (grid.swing === 0.5 ? BOTH_IN_BAR : 0) },
  ];
  const best = readings.reduce((least, reading) => (reading.cost < least.cost ? reading : least));
  return best.beats.map(({ ticks }) => ticks);
}

function straightSlots(grid: BeatGrid): Slot[] {
  const sixteenth = TICKS_PER_QUARTER / 4;
  const between = grid.swing === 0.5 ? SIXTEENTH : SWUNG_SIXTEENTH;
  return Array.from({ length: grid.ticksPerBeat / sixteenth + 1 }, (_, index) => {
    const tick = index * sixteenth;
    const cost = tick % grid.ticksPerBeat === 0 ? 0 : tick % (2 * sixteenth) === 0 ? EIGHTH : between;
    return { tick, fraction: soundingFraction(grid, tick), cost };
  });
}

function thirdSlots(grid: BeatGrid): Slot[] {
  return [0, 4, 8, 12].map((tick) => ({
    tick,
    fraction: soundingFraction(grid, tick),
    cost: tick % TICKS_PER_QUARTER === 0 ? 0 : THIRD,
  }));
}

function read(onsets: readonly number[], slots: readonly Slot[], beatSeconds: number): Reading {
  const chosen = onsets.map((fraction) => {
    const costs = slots.map((slot) => slot.cost + (((fraction - slot.fraction) * beatSeconds) / SPREAD_SECONDS) ** 2);
    const best = costs.indexOf(Math.min(...costs));
    return { tick: (slots[best] as Slot).tick, cost: costs[best] as number };
  });
  return { ticks: chosen.map(({ tick }) => tick), cost: total(chosen) };
}

function total(parts: readonly { readonly cost: number }[]): number {
  return parts.reduce((sum, { cost }) => sum + cost, 0);
}
