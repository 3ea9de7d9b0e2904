/** A tab in plain text, for chats and terminals. */
import { asciiCells, restCell } from './ascii-cells.ts';
import type { AsciiCell } from './ascii-cells.ts';
import { shapeName } from './chord-shapes.ts';
import { pitchName } from './spelling.ts';
import type { ScoreBar, TabScore } from './tab-score.ts';

export const ASCII_COLUMNS = 80;

/** Fewer empty bars than this are written out. */
const REST_BARS = 2;

interface TextBar {
  readonly number: number;
  readonly cells: readonly AsciiCell[];
}

/** @returns lines of at most {@link ASCII_COLUMNS} characters: systems of bars, chord names above, beats counted below */
export function asciiTab(score: TabScore): string {
  const { tuning, capo } = score.instrument;
  const labels = tuning.toReversed().map((pitch) => pitchName(pitch, score.key).replace(/\d+$/u, ''));
  const header = [
    ...(score.title === '' ? [] : [score.title]),
    [
      `Tuning ${tuning.map((pitch) => pitchName(pitch, score.key)).join(' ')}`,
      score.tempoBpm === null ? 'free time (no beat was found)' : `${Math.round(score.tempoBpm)} BPM`,
      ...(score.grid.swing > 0.5 ? ['swung eighths'] : []),
    ].join(', '),
    ...(capo > 0 ? [`Capo ${capo}: chords are the shapes`] : []),
  ];
  const systems = linesOf(textBars(score)).map((line) => system(line, labels));
  return `${[header.join('\n'), ...systems].join('\n\n')}\n`;
}

function textBars(score: TabScore): TextBar[] {
  const { bars } = score;
  const strings = score.instrument.tuning.length;
  const nameOf = (label: string): string => shapeName(label, score);
  const written: TextBar[] = [];
  for (let index = 0; index < bars.length;) {
    const bar = bars[index] as ScoreBar;
    const rests = restsFrom(bars, index);
    const together = rests >= REST_BARS;
    const chord = bar.beats[0]?.chord ?? null;
    const cells = together
      ? [restCell(rests, strings, chord === null ? null : nameOf(chord))]
      : asciiCells(bar, strings, nameOf);
    written.push({ number: bar.number, cells });
    index += together ? rests : 1;
  }
  return written;
}

/** Silent bars from here on in which no chord begins but with the first. */
function restsFrom(bars: readonly ScoreBar[], from: number): number {
  const isSilent = ({ beats }: ScoreBar): boolean => beats.every(({ notes }) => notes.length === 0);
  const begins = ({ beats }: ScoreBar, at: number): boolean =>
    beats.some(({ chord }, beat) => chord !== null && (at > from || beat > 0));
  const end = bars.findIndex((bar, at) => at >= from && (!isSilent(bar) || begins(bar, at)));
  return (end === -1 ? bars.length : end) - from;
}

interface Line {
  readonly number: number;
  /** Each ends with a bar line, but the last one of a bar that was broken. */
  readonly bars: { readonly cells: AsciiCell[]; closed: boolean }[];
}

/** The bar's number or the string's name, and the first bar line. */
const MARGIN = 4;

/** As many bars on a line as fit; a bar that is wider than a line is broken at a beat. */
function linesOf(bars: readonly TextBar[]): Line[] {
  const lines: Line[] = [];
  let room = 0;
  for (const { number, cells } of bars) {
    const width = cells.reduce((sum, cell) => sum + cell.width, 0) + BAR_EXTRA;
    if (width > room) {
      lines.push({ number, bars: [] });
      room = ASCII_COLUMNS - MARGIN;
    }
    let part = { cells: [] as AsciiCell[], closed: true };
    lines.at(-1)?.bars.push(part);
    room -= BAR_EXTRA;
    for (const cell of cells) {
      if (cell.width > room) {
        part.closed = false;
        part = { cells: [], closed: true };
        lines.push({ number, bars: [part] });
        room = ASCII_COLUMNS - MARGIN - BAR_EXTRA;
      }
      part.cells.push(cell);
      room -= cell.width;
    }
  }
  return lines;
}

/** A dash behind each bar line, and the next line. */
const BAR_EXTRA = 2;

function system({ number, bars }: Line, labels: readonly string[]): string {
  const rows = labels.map(
    (label, string) =>
      `${label.padEnd(MARGIN - 1)}|${bars
        .map(({ cells, closed }) => `-${cells.map((cell) => cell.strings[string]).join('')}${closed ? '|' : '-'}`)
        .join('')}`,
  );
  const count = `${' '.repeat(MARGIN)}${bars.map(({ cells }) => ` ${cells.map((cell) => cell.count).join('')} `).join('')}`;
  return [nameRow(number, bars), ...rows, count.trimEnd()].filter((row) => row !== '').join('\n');
}

/** Names that would run into each other move to the right, and back from the edge. */
function nameRow(number: number, bars: Line['bars']): string {
  let row = `${number}`.padEnd(MARGIN);
  let column = MARGIN;
  for (const { cells } of bars) {
    column++;
    for (const cell of cells) {
      for (const { column: within, name } of cell.names) {
        const at = Math.min(Math.max(column + within, row.trimEnd().length + 1), ASCII_COLUMNS - name.length);
        if (at > row.trimEnd().length) row = row.trimEnd().padEnd(at) + name;
      }
      column += cell.width;
    }
    column++;
  }
  return row.trimEnd();
}
