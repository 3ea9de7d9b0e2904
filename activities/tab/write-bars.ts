/** Strokes on the grid as bars of note heads, rests and ties: one voice, in which each stroke lasts until the next one. */
import type { BarCount } from './bar-count.ts';
import type { BeatGrid } from './beat-grid.ts';
import type { FingeredStroke } from './fingered-stroke.ts';
import { metre, writePieces } from './note-values.ts';
import type { Metre } from './note-values.ts';
import type { ScoreBar, ScoreBeat } from './tab-score.ts';

/** A rest of an eighth or less before the next note is not written but held through: where a note dies away is a matter of taste. */
const LONGEST_HELD_TICKS = 6;

/** A last note that is held for longer has lost its meaning, or is a hum. */
const LONGEST_LAST_BARS = 8;

/** Notes that last less than this into the next ones are not marked: every string rings on a little. */
const PLAIN_RING_TICKS = 12;

interface Written {
  readonly startTick: number;
  readonly endTick: number;
  readonly stroke: FingeredStroke | null;
}

/**
 * @param chords labels by the ticks of the beats on which they begin; there what sounds on is tied, so that a name has its place
 * @param count from where the song's chart counts its bars; null where it has none
 * @returns bars without a gap, from the chart's first one, or that of the first stroke before it, to the end of the last stroke; in each, the beats tile the bar
 */
export function writeBars(
  strokes: readonly FingeredStroke[],
  chords: ReadonlyMap<number, string>,
  grid: BeatGrid,
  beatsInThirds: ReadonlySet<number>,
  count: BarCount | null,
): ScoreBar[] {
  const lengths = tile(strokes, (grid.beatsSeconds.length - 1) * grid.ticksPerBeat);
  let next = 0;
  const first = firstBar(strokes[0], grid, count);
  const end = Math.max(first.index + 1, usedBars(strokes.at(-1), grid));
  return grid.bars.slice(first.index, end).map(({ firstBeat, beats, pickup }, index) => {
    const startTick = firstBeat * grid.ticksPerBeat;
    const ticks = beats * grid.ticksPerBeat;
    const beatsPerBar = pickup ? grid.beatsPerBar : beats;
    const within: Metre = {
      ...metre(beats, grid.beatUnit, (tick) => beatsInThirds.has((startTick + tick) / grid.ticksPerBeat)),
      barTicks: beatsPerBar * grid.ticksPerBeat,
    };
    const written: ScoreBeat[] = [];
    while (next < lengths.length && (lengths[next] as Written).startTick < startTick + ticks) {
      const length = lengths[next] as Written;
      written.push(...beatsOf(length, startTick, ticks, within, chords));
      if (length.endTick > startTick + ticks) break;
      next++;
    }
    return {
      number: first.number + index,
      startTick,
      ticks,
      beatsPerBar,
      beatUnit: grid.beatUnit,
      pickup,
      beats: written,
    };
  });
}

/** Silence before the bars that are counted is not written. */
function firstBar(
  stroke: FingeredStroke | undefined,
  { bars, ticksPerBeat }: BeatGrid,
  count: BarCount | null,
): { readonly index: number; readonly number: number } {
  const struckIn =
    stroke === undefined ? null : bars.findLastIndex(({ firstBeat }) => firstBeat * ticksPerBeat <= stroke.startTick);
  const counted = count === null ? -1 : bars.findIndex(({ firstBeat }) => firstBeat === count.firstBeat);
  if (count === null || counted === -1) {
    const index = struckIn ?? 0;
    return { index, number: bars[index]?.pickup === true ? 0 : 1 };
  }
  const index = Math.min(counted, struckIn ?? counted);
  return { index, number: count.number - (counted - index) };
}

/** Up to the end of the last stroke, but for what of it goes on into a bar for less than a reader would count. */
function usedBars(last: FingeredStroke | undefined, { bars, ticksPerBeat }: BeatGrid): number {
  const behind = (tick: number): number => {
    const bar = bars.findIndex(({ firstBeat }) => firstBeat * ticksPerBeat >= tick);
    return bar === -1 ? bars.length : bar;
  };
  if (last === undefined) return 1;
  const struckIn = behind(last.startTick + 1);
  const endTick = writtenEnd(last, Number.POSITIVE_INFINITY) - LONGEST_HELD_TICKS;
  return Math.max(struckIn, Math.min(behind(endTick), struckIn - 1 + LONGEST_LAST_BARS));
}

/** Strokes and the rests between them, without a gap from 0 to the end. */
function tile(strokes: readonly FingeredStroke[], endTick: number): Written[] {
  const written: Written[] = [];
  let tick = 0;
  for (const [index, stroke] of strokes.entries()) {
    if (stroke.startTick > tick) written.push({ startTick: tick, endTick: stroke.startTick, stroke: null });
    const nextStart = strokes[index + 1]?.startTick ?? endTick;
    tick = writtenEnd(stroke, nextStart);
    written.push({ startTick: stroke.startTick, endTick: tick, stroke });
  }
  if (tick < endTick) written.push({ startTick: tick, endTick, stroke: null });
  return written;
}

/** Where a stroke's note heads end: at the next stroke, or at its longest note's end with a rest behind it. */
export function writtenEnd(stroke: FingeredStroke, nextStartTick: number): number {
  const end = Math.min(nextStartTick, Math.max(...stroke.notes.map(({ endTick }) => endTick)));
  return nextStartTick - end <= LONGEST_HELD_TICKS ? nextStartTick : end;
}

/** The part of a length that lies in a bar, cut where chords begin. */
function beatsOf(
  { startTick, endTick, stroke }: Written,
  barTick: number,
  barTicks: number,
  within: Metre,
  chords: ReadonlyMap<number, string>,
): ScoreBeat[] {
  const from = Math.max(0, startTick - barTick);
  const to = Math.min(barTicks, endTick - barTick);
  const inside = [...chords.keys()].map((tick) => tick - barTick).filter((tick) => tick > from && tick < to);
  const edges = [from, ...inside, to];
  const pieces = edges
    .slice(1)
    .flatMap((edge, index) => writePieces(edges[index] as number, edge, within, stroke === null ? 'rest' : 'note'));
  return pieces.map((piece) => ({
    ...piece,
    chord: chords.get(barTick + piece.startTick) ?? null,
    notes: (stroke?.notes ?? []).map(({ note, string, fret, endTick: soundsUntil }) => ({
      pitchMidi: note.pitchMidi,
      string,
      fret,
      tied: barTick + piece.startTick > startTick,
      letRing: soundsUntil >= endTick + PLAIN_RING_TICKS,
    })),
  }));
}
