/** Which of the heard notes are asked of the hand at all: by range, by strings, and by the player's level. */
import type { DroppedNote, Instrument, TabLevel } from '../../workflows/contract/tab.ts';
import { isBassTuning } from '../../workflows/contract/tunings.ts';
import { HANDS } from './hand.ts';
import { placesOf } from './places.ts';
import type { SnappedNote, Stroke } from './snap-notes.ts';

export interface ChosenNotes {
  readonly strokes: readonly Stroke[];
  readonly dropped: readonly DroppedNote[];
}

type Why = DroppedNote['why'];

/** Fainter than this part of the loudest note of their stroke, inner notes of a chord are hardly heard. */
const HARDLY_HEARD = 0.4;
/** What a beginner counts: eighths, and thirds where the song has them, since a riff of those is another one without. */
const EASY_STEPS_TICKS = [6, 4];

export function chooseNotes(strokes: readonly Stroke[], instrument: Instrument, level: TabLevel): ChosenNotes {
  const dropped: DroppedNote[] = [];
  const kept = strokes.flatMap((stroke) => {
    const rules = [
      (notes: readonly SnappedNote[]) => splitBy(notes, ({ note }) => placesOf(note.pitchMidi, instrument).length > 0),
      (notes: readonly SnappedNote[]) => byLevel(notes, stroke.startTick, instrument, level),
      (notes: readonly SnappedNote[]) => loudest(notes, instrument.tuning.length),
    ];
    const whys: readonly Why[] = ['out of range', 'left out for the level', 'too many at once'];
    let notes = stroke.notes;
    for (const [index, rule] of rules.entries()) {
      const { kept: stays, left } = rule(notes);
      dropped.push(...left.map(({ note }) => droppedNote(note, whys[index] as Why)));
      notes = stays;
    }
    return notes.length === 0 ? [] : [{ ...stroke, notes }];
  });
  return { strokes: kept, dropped };
}

export function droppedNote(note: { startSeconds: number; pitchMidi: number }, why: Why): DroppedNote {
  return { startSeconds: note.startSeconds, pitchMidi: note.pitchMidi, why };
}

interface Split {
  readonly kept: readonly SnappedNote[];
  readonly left: readonly SnappedNote[];
}

function byLevel(notes: readonly SnappedNote[], startTick: number, instrument: Instrument, level: TabLevel): Split {
  switch (level) {
    case 'full':
      return { kept: notes, left: [] };
    case 'intermediate': {
      const least = HARDLY_HEARD * Math.max(...notes.map(({ note }) => note.amplitude));
      const outer = new Set([notes[0], notes.at(-1)]);
      const heard = splitBy(notes, (each) => outer.has(each) || each.note.amplitude >= least);
      const strongest = loudest(heard.kept, HANDS.intermediate.notesAtOnce);
      return { kept: strongest.kept, left: [...heard.left, ...strongest.left] };
    }
    case 'easy': {
      const least = HARDLY_HEARD * Math.max(...notes.map(({ note }) => note.amplitude));
      const heard = notes.filter(({ note }) => note.amplitude >= least);
      const isCounted = EASY_STEPS_TICKS.some((step) => startTick % step === 0);
      const line = isBassTuning(instrument.tuning) ? heard[0] : heard.at(-1);
      return splitBy(notes, (each) => each === line && isCounted);
    }
  }
}

/** The bass, the tune, and then the loudest. */
function loudest(notes: readonly SnappedNote[], most: number): Split {
  if (notes.length <= most) return { kept: notes, left: [] };
  const inner = notes.slice(1, -1).sort((a, b) => b.note.amplitude - a.note.amplitude);
  const kept = new Set([notes[0], notes.at(-1), ...inner.slice(0, Math.max(0, most - 2))].slice(0, most));
  return splitBy(notes, (each) => kept.has(each));
}

function splitBy(notes: readonly SnappedNote[], keeps: (note: SnappedNote) => boolean): Split {
  return { kept: notes.filter((note) => keeps(note)), left: notes.filter((note) => !keeps(note)) };
}
