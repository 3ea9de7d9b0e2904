/** The parts of a tab in plain text: one cell a beat, with a row for each string. */
import { TICKS_PER_QUARTER } from './tab-score.ts';
import type { ScoreBar, ScoreBeat } from './tab-score.ts';

export interface AsciiCell {
  readonly width: number;
  /** From the highest string to the lowest. */
  readonly strings: readonly string[];
  /** Chord names and the columns from which they are written. */
  readonly names: readonly { readonly column: number; readonly name: string }[];
  /** The beat's number and its halves, below the strings. */
  readonly count: string;
}

/** A cell for each beat of a bar; columns stand for sixteenths where the bar has some, else for eighths, and for thirds where a quarter has those. @param nameOf from a chord's label to its name */
export function asciiCells(bar: ScoreBar, strings: number, nameOf: (label: string) => string): AsciiCell[] {
  const beatTicks = (TICKS_PER_QUARTER * 4) / bar.beatUnit;
  const beats = bar.ticks / beatTicks;
  const digits = Math.max(1, ...bar.beats.flatMap(({ notes }) => notes.map(({ fret }) => String(fret).length)));
  const thirds = new Set(bar.beats.flatMap(({ startTick, value }) => (value.triplet ? [quarterOf(startTick)] : [])));
  const fine = bar.beats.some(({ startTick }) => startTick % 6 !== 0 && !thirds.has(quarterOf(startTick)));
  const columnWidth = digits + 1;
  return Array.from({ length: beats }, (_, beat) => {
    const from = beat * beatTicks;
    const step = thirds.has(quarterOf(from)) && beatTicks === TICKS_PER_QUARTER ? 4 : fine ? 3 : 6;
    const struck = bar.beats.filter(({ startTick }) => startTick >= from && startTick < from + beatTicks);
    const width = (beatTicks / step) * columnWidth;
    const columnOf = ({ startTick }: ScoreBeat): number => ((startTick - from) / step) * columnWidth;
    return {
      width,
      strings: Array.from({ length: strings }, (__, index) => {
        const row = Array.from({ length: width }, () => '-');
        for (const each of struck) {
          const note = each.notes.find(({ string, tied }) => string === index + 1 && !tied);
          if (note === undefined) continue;
          const text = String(note.fret);
          row.splice(columnOf(each), text.length, ...text);
        }
        return row.join('');
      }),
      names: struck.flatMap((each) =>
        each.chord === null ? [] : [{ column: columnOf(each), name: nameOf(each.chord) }],
      ),
      count: `${bar.beatsPerBar - beats + beat + 1}`
        .padEnd(width / 2)
        .concat(step === 4 || beatTicks < TICKS_PER_QUARTER ? '' : '&')
        .padEnd(width),
    };
  });
}

/** Several bars in which nothing is played, as one. @param chord the name of what is heard in them; null where none begins */
export function restCell(bars: number, strings: number, chord: string | null): AsciiCell {
  const name = `${chord === null ? '' : `${chord} `}(${bars} bars rest)`;
  const width = name.length + 1;
  return {
    width,
    strings: Array.from({ length: strings }, () => '-'.repeat(width)),
    names: [{ column: 0, name }],
    count: ' '.repeat(width),
  };
}

function quarterOf(tick: number): number {
  return Math.floor(tick / TICKS_PER_QUARTER);
}
