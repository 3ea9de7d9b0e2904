/** Strokes on the grid as bars of note heads, rests and ties: one voice, in which each stroke lasts until the next one. */
import type { ChordSpan } from '../../workflows/contract/analysis.ts';
import { tickAt } from './beat-grid.ts';
import type { BeatGrid } from './beat-grid.ts';
import type { FingeredStroke } from './fingered-stroke.ts';
import { metre, writePieces } from './note-values.ts';
import type { Metre } from './note-values.ts';
import type { ScoreBar, ScoreBeat } from './tab-score.ts';

/** A rest of an eighth or less before the next note is not written but held through: where a note dies away is a matter of taste. */
const LONGEST_HELD_TICKS = 6;

/** Notes that last less than this into the next ones are not marked: every string rings on a little. */
const PLAIN_RING_TICKS = 12;

interface Written {
  readonly startTick: number;
  readonly endTick: number;
  readonly stroke: FingeredStroke | null;
}

/** @returns bars without a gap, from the start of the grid to the last note's; in each, the beats tile the bar */
export function writeBars(
  strokes: readonly FingeredStroke[],
  chords: readonly ChordSpan[],
  grid: BeatGrid,
  beatsInThirds: ReadonlySet<number>,
): ScoreBar[] {
  const lengths = tile(strokes, (grid.beatsSeconds.length - 1) * grid.ticksPerBeat);
  let next = 0;
  const lastTick = strokes.at(-1)?.startTick ?? 0;
  const used = grid.bars.filter(({ firstBeat }) => firstBeat * grid.ticksPerBeat <= lastTick);
  return used.map(({ firstBeat, beats, pickup }) => {
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
      written.push(...beatsOf(length, startTick, ticks, within));
      if (length.endTick > startTick + ticks) break;
      next++;
    }
    const named = nameChords(written, chords, grid, startTick);
    return {
      startTick,
      ticks,
      beatsPerBar,
      beatUnit: grid.beatUnit,
      pickup,
      beats: named,
    };
  });
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

/** The part of a length that lies in a bar. */
function beatsOf(
  { startTick, endTick, stroke }: Written,
  barTick: number,
  barTicks: number,
  within: Metre,
): ScoreBeat[] {
  const from = Math.max(0, startTick - barTick);
  const to = Math.min(barTicks, endTick - barTick);
  return writePieces(from, to, within, stroke === null ? 'rest' : 'note').map((piece) => ({
    ...piece,
    chord: null,
    notes: (stroke?.notes ?? []).map(({ note, string, fret, endTick: soundsUntil }) => ({
      pitchMidi: note.pitchMidi,
      string,
      fret,
      tied: barTick + piece.startTick > startTick,
      letRing: soundsUntil >= endTick + PLAIN_RING_TICKS,
    })),
  }));
}

/** Each chord above the first beat that begins with it or behind it in its bar; the last of several. */
function nameChords(
  beats: readonly ScoreBeat[],
  chords: readonly ChordSpan[],
  { ticksPerBeat, ...grid }: BeatGrid,
  barTick: number,
): ScoreBeat[] {
  const last = beats.at(-1) as ScoreBeat;
  const labels = new Map<ScoreBeat, string>();
  for (const { startSeconds, label } of chords) {
    const beat = Math.round(tickAt({ ticksPerBeat, ...grid }, startSeconds) / ticksPerBeat);
    const tick = beat * ticksPerBeat - barTick;
    if (tick < 0 || tick >= last.startTick + last.ticks) continue;
    labels.set(beats.find(({ startTick }) => startTick >= tick) ?? last, label);
  }
  return beats.map((beat) => ({ ...beat, chord: labels.get(beat) ?? null }));
}
