/** The picture of an analysis: the song in rows, as on a sheet of music; each has its sections, its waveform with bars and beats, and its chords. */
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import { chordName } from '../../workflows/contract/chord-name.ts';
import type { PeakColumns } from '../dsp/peaks.ts';
import { createCanvas, mixColours } from './canvas.ts';
import type { Canvas } from './canvas.ts';
import { strokeText } from './stroke-font.ts';
import { PICTURE_WIDTH } from './waveform-picture.ts';
import type { Colour } from './waveform-picture.ts';

const BACKGROUND: Colour = [22, 24, 31];
const INK: Colour = [228, 232, 241];
const WAVE: Colour = [84, 160, 255];
const BAR = mixColours(BACKGROUND, INK, 0.75);
const BEAT = mixColours(BACKGROUND, INK, 0.3);
/** Letters of sections, and chords by their root, in turn. */
const COLOURS: readonly Colour[] = [
  [84, 160, 255],
  [255, 177, 66],
  [46, 213, 155],
  [255, 107, 129],
  [165, 132, 255],
  [56, 204, 214],
  [240, 206, 88],
];
const NO_COLOUR = mixColours(BACKGROUND, INK, 0.12);
const CORNER = 10;
const MARGIN = 16;
const MOST_ROWS = 8;
/** A row is at least so long, unless the song is shorter: two bars would look like a whole song. */
const SHORTEST_ROW_SECONDS = 24;
const SECTION_HEIGHT = 18;
const WAVE_HEIGHT = 60;
const CHORD_HEIGHT = 22;
const ROW_GAP = 12;
const ROW_HEIGHT = SECTION_HEIGHT + WAVE_HEIGHT + CHORD_HEIGHT + ROW_GAP;
const TEXT_HEIGHT = 10;
const TEXT_MARGIN = 5;
/** Lines that are nearer to each other than this would be a surface. */
const CLOSEST_LINES = 5;

interface Row {
  readonly top: number;
  readonly from: number;
  readonly to: number;
  /** A time's place, also where it is outside of the row. */
  readonly x: (seconds: number) => number;
}

/** @returns a PNG file. */
export function drawAnalysis(analysis: SongAnalysis, peaks: PeakColumns): Uint8Array {
  const rows = rowsOf(analysis.durationSeconds);
  const height = 2 * MARGIN + rows.length * ROW_HEIGHT - ROW_GAP;
  const canvas = createCanvas(PICTURE_WIDTH, height, BACKGROUND, CORNER);
  const fullScale = peaks.highest.reduce((most, high, at) => Math.max(most, high, -(peaks.lowest[at] ?? 0)), 1e-6);
  for (const row of rows) {
    for (const span of analysis.sections) drawSection(canvas, row, span);
    drawWave(canvas, row, { peaks, fullScale, durationSeconds: analysis.durationSeconds });
    drawBeats(canvas, row, analysis.rhythm);
    for (const span of analysis.chords) drawChord(canvas, row, span);
  }
  return canvas.encode();
}

/** Equal rows, so that every second is as wide as any other. */
function rowsOf(durationSeconds: number): readonly Row[] {
  const count = Math.min(MOST_ROWS, Math.max(1, Math.ceil(durationSeconds / SHORTEST_ROW_SECONDS)));
  const seconds = Math.max(durationSeconds, 1e-3) / count;
  return Array.from({ length: count }, (_, index) => {
    const from = index * seconds;
    return {
      top: MARGIN + index * ROW_HEIGHT,
      from,
      to: from + seconds,
      x: (at) => MARGIN + ((at - from) / seconds) * (PICTURE_WIDTH - 2 * MARGIN),
    };
  });
}

interface Span {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

function drawSection(
  canvas: Canvas,
  row: Row,
  span: Span & { readonly letter: string; readonly name: string | null },
): void {
  const colour = COLOURS[(span.letter.charCodeAt(0) - 65 + COLOURS.length) % COLOURS.length] ?? NO_COLOUR;
  const label = span.name === null ? span.letter : `${span.letter} ${span.name}`;
  drawBlock(canvas, row, span, { top: row.top, height: SECTION_HEIGHT - 3, colour, label });
}

function drawChord(canvas: Canvas, row: Row, span: Span & { readonly label: string }): void {
  const name = chordName(span.label);
  const letter = span.label.charCodeAt(0) - 65;
  const colour = name === '' ? NO_COLOUR : (COLOURS[letter] ?? NO_COLOUR);
  const top = row.top + SECTION_HEIGHT + WAVE_HEIGHT + 2;
  drawBlock(canvas, row, span, { top, height: CHORD_HEIGHT - 2, colour, label: name });
}

interface Block {
  readonly top: number;
  readonly height: number;
  readonly colour: Colour;
  readonly label: string;
}

/** A span's part of this row, with its label where there is room for it. */
function drawBlock(canvas: Canvas, row: Row, { startSeconds, endSeconds }: Span, block: Block): void {
  if (endSeconds <= row.from || startSeconds >= row.to) return;
  const { top, height, colour, label } = block;
  const left = Math.round(row.x(Math.max(startSeconds, row.from)));
  // A gap of a pixel tells neighbours apart.
  const right = Math.round(row.x(Math.min(endSeconds, row.to))) - 1;
  const fill = mixColours(BACKGROUND, colour, 0.45);
  for (let x = left; x < Math.max(right, left + 1); x++) {
    canvas.column(x, top, top + height, () => (x === left ? colour : fill));
  }
  if (label === '' || strokeText(label, TEXT_HEIGHT).width + 2 * TEXT_MARGIN > right - left) return;
  const baseline = top + (height + TEXT_HEIGHT) / 2;
  canvas.text(label, {
    x: left + TEXT_MARGIN,
    y: baseline - 0.5,
    height: TEXT_HEIGHT,
    strokeWidth: 1.5,
    colour: INK,
    cover: 1,
  });
}

interface Wave {
  readonly peaks: PeakColumns;
  /** The sample value that reaches the edge. */
  readonly fullScale: number;
  readonly durationSeconds: number;
}

function drawWave(canvas: Canvas, row: Row, { peaks, fullScale, durationSeconds }: Wave): void {
  const half = WAVE_HEIGHT / 2 - 2;
  const middle = row.top + SECTION_HEIGHT + WAVE_HEIGHT / 2;
  const body = mixColours(BACKGROUND, WAVE, 0.5);
  const columns = peaks.rms.length;
  const width = PICTURE_WIDTH - 2 * MARGIN;
  const perSecond = columns / Math.max(durationSeconds, 1e-3);
  for (let x = 0; x < width; x++) {
    const at = (share: number): number =>
      Math.min(columns, Math.floor((row.from + ((row.to - row.from) * share) / width) * perSecond));
    const from = Math.min(at(x), columns - 1);
    const to = Math.max(from + 1, at(x + 1));
    if (from < 0) return;
    const high = half * (Math.max(...peaks.highest.subarray(from, to)) / fullScale);
    const low = half * (Math.min(...peaks.lowest.subarray(from, to)) / fullScale);
    const level = half * (Math.max(...peaks.rms.subarray(from, to)) / fullScale);
    canvas.column(MARGIN + x, middle - Math.max(high, 0.5), middle - Math.min(low, -0.5), () => body);
    canvas.column(MARGIN + x, middle - Math.min(level, high), middle + Math.min(level, -low), () => WAVE);
  }
}

/** Bars as bright lines; beats as faint ones where they are not too close. */
function drawBeats(canvas: Canvas, row: Row, rhythm: SongAnalysis['rhythm']): void {
  if (rhythm === null) return;
  const top = row.top + SECTION_HEIGHT;
  const bottom = top + WAVE_HEIGHT;
  const perBeat = row.x(row.from + 60 / rhythm.tempoBpm) - row.x(row.from);
  const perBar = perBeat * rhythm.timeSignature.beatsPerBar;
  const within = (at: number): boolean => at >= row.from && at < row.to;
  if (perBeat >= CLOSEST_LINES) {
    for (const at of rhythm.beatsSeconds.filter(within)) {
      canvas.column(Math.round(row.x(at)), bottom - WAVE_HEIGHT / 4, bottom, () => BEAT);
    }
  }
  const every = Math.max(1, Math.ceil(CLOSEST_LINES / perBar));
  for (const [index, at] of rhythm.downbeatsSeconds.entries()) {
    if (index % every === 0 && within(at)) canvas.column(Math.round(row.x(at)), top, bottom, () => BAR);
  }
}
