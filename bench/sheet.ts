/** What stands on a sheet of music, in rows that can be compared. Positions are {@link TICKS_PER_QUARTER} to a quarter, within their bar. */
import { pitchClassOf } from '../workflows/contract/scales.ts';
import { bassName, chordParts } from '../workflows/contract/chord-name.ts';
import { readChord, tonesOf } from '../activities/chords/pitch-chord.ts';
import type { ScoreBar, ScoreBeat } from '../activities/tab/tab-score.ts';

interface Place {
  /** From 0. */
  readonly bar: number;
  readonly startTick: number;
}

export interface SheetNote extends Place {
  readonly ticks: number;
  readonly pitchMidi: number;
  /** `start`, `stop` or `continue`: what joins it with others. How long its string rings on is none, and music21 does not read it. */
  readonly tie: string | null;
  readonly string: number | null;
  /** From the capo. */
  readonly fret: number | null;
}

export interface SheetChord extends Place {
  readonly root: string;
  /** The root where no other note is the lowest. */
  readonly bass: string;
  /** Rising. */
  readonly pitchClasses: readonly number[];
}

export interface Sheet {
  readonly bars: readonly { readonly beatsPerBar: number; readonly beatUnit: number }[];
  readonly notes: readonly SheetNote[];
  readonly chords: readonly SheetChord[];
}

export interface WrittenScore {
  readonly bars: readonly Pick<ScoreBar, 'beatsPerBar' | 'beatUnit' | 'beats'>[];
}

/** What a score wants on its sheet. */
export function sheetOf({ bars }: WrittenScore): Sheet {
  const beats = bars.flatMap((bar, number) => bar.beats.map((beat) => ({ bar: number, beat })));
  return {
    bars: bars.map(({ beatsPerBar, beatUnit }) => ({ beatsPerBar, beatUnit })),
    notes: beats.flatMap(({ bar, beat }, index) => notesOf(bar, beat, beats[index + 1]?.beat ?? null)),
    chords: beats.flatMap(({ bar, beat }) => chordOf(bar, beat)),
  };
}

function notesOf(bar: number, { startTick, ticks, notes }: ScoreBeat, next: ScoreBeat | null): SheetNote[] {
  return notes.map(({ pitchMidi, string, fret, tied }) => {
    const goesOn = next?.notes.some((other) => other.tied && other.string === string) ?? false;
    const tie = tied ? (goesOn ? 'continue' : 'stop') : goesOn ? 'start' : null;
    return { bar, startTick, ticks, pitchMidi, tie, string, fret };
  });
}

function chordOf(bar: number, { startTick, chord }: ScoreBeat): SheetChord[] {
  const parts = chord === null ? null : chordParts(chord);
  const read = chord === null ? null : readChord(chord);
  if (parts === null || read === null) return [];
  const bass = bassName(parts) ?? parts.root;
  const pitchClasses = [...new Set([...tonesOf(read), pitchClassOf(bass)])].toSorted((one, other) => one - other);
  return [{ bar, startTick, root: parts.root, bass, pitchClasses }];
}

/** Rows that are in one and not in the other, each in words; none where the sheets are the same. */
export function sheetDifferences(written: Sheet, read: Sheet): string[] {
  return (['bars', 'notes', 'chords'] as const).flatMap((kind) => {
    const [ours, theirs] = [rows(written, kind), rows(read, kind)];
    return [
      ...without(ours, theirs).map((row) => `lost of ${kind}: ${row}`),
      ...without(theirs, ours).map((row) => `new in ${kind}: ${row}`),
    ];
  });
}

/** Bars by their number; the order in which what sounds together stands does not matter. */
function rows(sheet: Sheet, kind: keyof Sheet): string[] {
  if (kind === 'bars') {
    return sheet.bars.map(({ beatsPerBar, beatUnit }, bar) => JSON.stringify([bar, beatsPerBar, beatUnit]));
  }
  if (kind === 'chords') {
    return sheet.chords.map(({ bar, startTick, root, bass, pitchClasses }) =>
      JSON.stringify([bar, startTick, root, bass, pitchClasses]),
    );
  }
  return sheet.notes.map(({ bar, startTick, ticks, pitchMidi, tie, string, fret }) =>
    JSON.stringify([bar, startTick, ticks, pitchMidi, tie, string, fret]),
  );
}

/** Each as often as it is missing. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return all.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}
