/** From notes as they were heard to a tab that a hand can play. */
import type { ChordSpan, SongKey, SongRhythm } from '../../workflows/contract/analysis.ts';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { DroppedNote, Instrument, Playability, TabLevel, TabNote, TabPart } from '../../workflows/contract/tab.ts';
import { chartCount } from './bar-count.ts';
import { beatGrid, secondsAt } from './beat-grid.ts';
import { chooseNotes, droppedNote } from './choose-notes.ts';
import { fingerStrokes } from './finger-strokes.ts';
import type { Fingering } from './finger-strokes.ts';
import type { FingeredStroke } from './fingered-stroke.ts';
import { countable, freeTime } from './free-time.ts';
import { HANDS } from './hand.ts';
import { heardStart, letRing } from './let-ring.ts';
import type { RungStroke } from './let-ring.ts';
import { partNotes } from './part-notes.ts';
import { playability } from './playability.ts';
import { scoreChords } from './score-chords.ts';
import { snapNotes } from './snap-notes.ts';
import type { Stroke } from './snap-notes.ts';
import type { PlayedNote, TabScore } from './tab-score.ts';
import { whyLeftOut } from './why-left-out.ts';
import { writeBars, writtenEnd } from './write-bars.ts';

export interface TabRequest {
  readonly title: string;
  /** In any order. */
  readonly notes: readonly HeardNote[];
  /** Null where no beat was found: then bars are counted evenly from the first note. */
  readonly rhythm: SongRhythm | null;
  readonly instrument: Instrument;
  readonly level: TabLevel;
  /** All notes are a guitar's, by default. */
  readonly part?: TabPart;
  readonly chords?: readonly ChordSpan[];
  /** Spells notes and chords. */
  readonly key?: SongKey | null;
}

export interface Tab {
  /** In the order of time; with the times at which they were heard. */
  readonly tab: readonly TabNote[];
  readonly playability: Playability;
  /** For the files: MIDI, MusicXML and the others. */
  readonly score: TabScore;
}

/** Every note that was heard is in the tab or among the dropped ones, with the reason. */
export function makeTab({
  title,
  notes,
  rhythm,
  instrument,
  level,
  part = 'guitar',
  chords = [],
  key = null,
}: TabRequest): Tab {
  const hand = HANDS[level];
  const firstSeconds = notes.reduce((first, { startSeconds }) => Math.min(first, startSeconds), Infinity);
  const lastSeconds = notes.reduce((last, { endSeconds }) => Math.max(last, endSeconds), 0);
  const counted = countable(rhythm);
  const beats = counted ?? freeTime(notes.length > 0 ? firstSeconds : 0);
  const grid = beatGrid(beats, lastSeconds);
  const { own, others } = partNotes(notes, part);
  const snapped = snapNotes(own, grid);
  const chosen = chooseNotes(snapped.strokes, instrument, level);
  const fingering = fingerStrokes(
    chosen.strokes.map((stroke) => ({
      startSeconds: secondsAt(grid, stroke.startTick),
      struck: stroke.notes.map(({ note }) => note),
    })),
    instrument,
    hand,
  );
  const dropped = [
    ...others.map((note) => droppedNote(note, 'another part')),
    ...snapped.tooFast.map((note) => droppedNote(note, 'too fast')),
    ...chosen.dropped,
    ...chosen.strokes.flatMap((stroke, index) => leftOut(stroke, fingering, index, instrument, level)),
  ];
  const strokes = letRing(placed(chosen.strokes, fingering), hand, instrument.capo);
  const bars = writeBars(
    strokes,
    scoreChords(chords, grid, key),
    grid,
    snapped.beatsInThirds,
    chartCount(counted, chords),
  );
  return {
    tab: strokes.flatMap(tabNotes).sort((a, b) => a.startSeconds - b.startSeconds || a.string - b.string),
    playability: playability(strokes, bars, dropped, hand, instrument.capo),
    score: { title, instrument, key, tempoBpm: counted?.tempoBpm ?? null, grid, bars, played: played(strokes) },
  };
}

function placed(strokes: readonly Stroke[], { grips }: Fingering): FingeredStroke[] {
  return strokes.flatMap(({ startTick, notes }, index) => {
    const { shape, position } = grips[index] as Fingering['grips'][number];
    const held = notes.flatMap((note, each) => (shape[each] ? [{ ...note, ...shape[each] }] : []));
    return held.length === 0 ? [] : [{ startTick, position, notes: held }];
  });
}

function leftOut(
  { notes }: Stroke,
  { grips }: Fingering,
  index: number,
  instrument: Instrument,
  level: TabLevel,
): DroppedNote[] {
  const grip = grips[index] as Fingering['grips'][number];
  const left = notes.filter((_, each) => !grip.shape[each]);
  if (left.length === 0) return [];
  const pitches = notes.map(({ note }) => note.pitchMidi);
  const why = whyLeftOut(pitches, grip, instrument, HANDS[level]);
  return left.map(({ note }) => droppedNote(note, why));
}

function tabNotes({ notes }: RungStroke): TabNote[] {
  return notes.map(({ note, string, fret, endedBy }) => ({
    startSeconds: note.startSeconds,
    endSeconds: endedBy === null ? note.endSeconds : Math.min(note.endSeconds, heardStart(endedBy)),
    pitchMidi: note.pitchMidi,
    string,
    fret,
  }));
}

/** Notes of a stroke sound at least as long as they are written. */
function played(strokes: readonly RungStroke[]): PlayedNote[] {
  return strokes.flatMap((stroke, index) => {
    const end = writtenEnd(stroke, strokes[index + 1]?.startTick ?? Number.POSITIVE_INFINITY);
    return stroke.notes.map(({ note, string, endTick }) => ({
      startTick: stroke.startTick,
      endTick: Math.max(endTick, end),
      pitchMidi: note.pitchMidi,
      string,
      amplitude: note.amplitude,
      bendCents: note.bendCents,
    }));
  });
}
