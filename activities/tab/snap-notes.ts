/** Heard notes on the song's grid: which are struck together, at which tick, and for how long. */
import type { HeardNote } from '../../workflows/contract/notes.ts';
import { beatAt, soundingFraction, tickAt } from './beat-grid.ts';
import type { BeatGrid } from './beat-grid.ts';
import { chooseSlots } from './choose-slots.ts';
import { groupNotes } from './group-notes.ts';

export interface SnappedNote {
  readonly note: HeardNote;
  /** On the grid, behind the start. */
  readonly endTick: number;
}

/** All notes that are struck at one tick, from the lowest to the highest. */
export interface Stroke {
  readonly startTick: number;
  readonly notes: readonly SnappedNote[];
}

export interface SnappedSong {
  readonly strokes: readonly Stroke[];
  /** Beats, by number, of which the third parts are written. */
  readonly beatsInThirds: ReadonlySet<number>;
  /** The same pitch struck again before the next slot of the grid. */
  readonly tooFast: readonly HeardNote[];
}

/** @param grid reaches behind the last note's end */
export function snapNotes(notes: readonly HeardNote[], grid: BeatGrid): SnappedSong {
  const struck = groupNotes(notes).map((group) => ({ group, beat: beatAt(grid, loudestStart(group)), tick: 0 }));
  const byBeat = Map.groupBy(struck, ({ beat }) => beat);
  for (const bar of grid.bars) {
    const beats = Array.from({ length: bar.beats }, (_, beat) => byBeat.get(bar.firstBeat + beat) ?? []);
    const ticks = chooseSlots(
      grid,
      beats.map((inBeat) =>
        inBeat.map(({ group, beat }) => tickAt(grid, loudestStart(group)) / grid.ticksPerBeat - beat),
      ),
      beats.map((_, beat) => beatSeconds(grid, bar.firstBeat + beat)),
    );
    for (const [beat, inBeat] of beats.entries()) {
      for (const [index, each] of inBeat.entries()) {
        each.tick = each.beat * grid.ticksPerBeat + (ticks[beat]?.[index] as number);
      }
    }
  }
  const beatsInThirds = new Set(
    struck.flatMap(({ tick }) => (tick % 3 === 0 ? [] : [Math.floor(tick / grid.ticksPerBeat)])),
  );
  const tooFast: HeardNote[] = [];
  const byTick = new Map<number, Map<number, HeardNote>>();
  for (const { group, tick } of struck) {
    const chord = byTick.get(tick) ?? new Map<number, HeardNote>();
    byTick.set(tick, chord);
    for (const note of group) {
      const twin = chord.get(note.pitchMidi);
      if (twin !== undefined) tooFast.push(twin.amplitude < note.amplitude ? twin : note);
      if (twin === undefined || twin.amplitude < note.amplitude) chord.set(note.pitchMidi, note);
    }
  }
  const strokes = [...byTick].map(([startTick, chord]) => ({
    startTick,
    notes: [...chord.values()]
      .sort((a, b) => a.pitchMidi - b.pitchMidi)
      .map((note) => ({ note, endTick: endTick(grid, beatsInThirds, note, startTick) })),
  }));
  return { strokes: strokes.sort((a, b) => a.startTick - b.startTick), beatsInThirds, tooFast };
}

/** The moment of a stroke is that of its loudest note: faint ones are often found early or late. */
function loudestStart(group: readonly HeardNote[]): number {
  return group.reduce((loudest, note) => (note.amplitude > loudest.amplitude ? note : loudest)).startSeconds;
}

/**
 * Ends are heard less exactly than starts and read more easily on the eighth: the nearest eighth, or third where the beat has thirds, at least one
 * behind the start. What is struck before that cuts it shorter.
 */
function endTick(grid: BeatGrid, beatsInThirds: ReadonlySet<number>, note: HeardNote, startTick: number): number {
  const stepOf = (beat: number): number => (beatsInThirds.has(beat) ? 4 : 6);
  const beat = beatAt(grid, note.endSeconds);
  const step = stepOf(beat);
  const fraction = tickAt(grid, note.endSeconds) / grid.ticksPerBeat - beat;
  let nearest = 0;
  for (let tick = step; tick <= grid.ticksPerBeat; tick += step) {
    const distance = Math.abs(soundingFraction(grid, tick) - fraction);
    if (distance < Math.abs(soundingFraction(grid, nearest) - fraction)) nearest = tick;
  }
  const startStep = stepOf(Math.floor(startTick / grid.ticksPerBeat));
  const least = (Math.floor(startTick / startStep) + 1) * startStep;
  return Math.max(beat * grid.ticksPerBeat + nearest, least);
}

function beatSeconds({ beatsSeconds }: BeatGrid, beat: number): number {
  return (beatsSeconds[beat + 1] as number) - (beatsSeconds[beat] as number);
}
