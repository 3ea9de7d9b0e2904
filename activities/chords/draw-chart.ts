/** A chart as a vector drawing: dark on white, four bars a line. */
import { TEXT_FONT } from '../pictures/fonts.ts';
import { empty, text } from '../pictures/xml.ts';
import { BARS_PER_LINE } from './chart-blocks.ts';
import { heightOf, MARGIN, PAGE_HEIGHT, PAGE_WIDTH } from './chart-layout.ts';
import type { Item, Page } from './chart-layout.ts';
import { NO_CHORD } from './chart.ts';
import type { BarChord, ChartBar, ChartChord, ChartLine } from './chart.ts';
import { cutToWidth, fittingSize, textWidth } from '../pictures/text-width.ts';
import type { Weight } from '../pictures/text-width.ts';
import { clockTime } from './write-chart-text.ts';

const INK = '#16181f';
const SOFT = '#5b6070';
const FAINT = '#c3c7d1';
/** Sections by their letter, in turn; each reads well on white. */
const COLOURS = ['#1f6fd6', '#c05a00', '#0a7d54', '#b3263f', '#6a45c9', '#0b7a85', '#8a6a00'];
const FULL_WIDTH = PAGE_WIDTH - 2 * MARGIN;
/** Beside the bars, for numbers on the left and repeats on the right. */
const LEFT = 56;
const RIGHT = 58;
const BAR_WIDTH = (PAGE_WIDTH - LEFT - RIGHT) / BARS_PER_LINE;
const BAR_TALL = 52;
const CHORD_PIXELS = 27;
/** Chords that would be smaller than this beside each other take turns in two rows. */
const ONE_ROW_PIXELS = 20;
const TWO_ROWS_PIXELS = 22;

/** @returns an SVG document whose text is in {@link TEXT_FONT} */
export function drawChart({ items }: Page): string {
  const height = Math.min(PAGE_HEIGHT, heightOf(items) + 2 * MARGIN);
  let top = MARGIN;
  const drawn = items.map((item) => {
    const svg = drawItem(item, top);
    top += item.height;
    return svg;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${PAGE_WIDTH}" height="${height}" font-family="${TEXT_FONT}">`,
    empty('rect', { width: String(PAGE_WIDTH), height: String(height), fill: '#ffffff' }),
    ...drawn.flat(),
    '</svg>',
  ].join('\n');
}

function drawItem(item: Item, top: number): string[] {
  switch (item.kind) {
    case 'title':
      return [label(item.text, { x: MARGIN, y: top + 30, size: 30, weight: 'bold', colour: INK, width: FULL_WIDTH })];
    case 'fact': {
      const style = item.isMain ? ({ weight: 'bold', colour: INK } as const) : {};
      return [label(item.text, { x: MARGIN, y: top + 18, size: 19, width: FULL_WIDTH, ...style })];
    }
    case 'heading':
      return heading(item, top);
    case 'remark':
      return [label(item.text, { x: LEFT, y: top + 22, size: 18, width: PAGE_WIDTH - LEFT - MARGIN })];
    case 'bars':
      return barLine(item.line, top);
    case 'times':
      return timeRow(item.chords, top);
  }
}

function heading({ block, title, theory }: Extract<Item, { kind: 'heading' }>, top: number): string[] {
  const colour = COLOURS[Math.max(0, block.letter.charCodeAt(0) - 65) % COLOURS.length] as string;
  const x = MARGIN + 16;
  const theoryX = x + textWidth(title, 'bold') * 22 + 18;
  return [
    empty('rect', { x: String(MARGIN), y: String(top + 22), width: '6', height: '28', fill: colour }),
    label(title, { x, y: top + 44, size: 22, weight: 'bold', colour }),
    label(theory, { x: theoryX, y: top + 43, size: 17, width: PAGE_WIDTH - MARGIN - theoryX }),
  ];
}

function barLine({ bars, times }: ChartLine, top: number): string[] {
  const number = bars[0]?.number ?? 0;
  const numberX = LEFT - 10 - textWidth(String(number), 'normal') * 14;
  const end = LEFT + bars.length * BAR_WIDTH;
  return [
    ...(number === 0 ? [] : [label(String(number), { x: numberX, y: top + BAR_TALL / 2 + 5, size: 14 })]),
    ...Array.from({ length: bars.length + 1 }, (_, bar) => rule(LEFT + bar * BAR_WIDTH, top, BAR_TALL)),
    ...bars.flatMap((bar, index) => barCell(bar, LEFT + index * BAR_WIDTH, top)),
    ...(times === 1
      ? []
      : [label(`×${times}`, { x: end + 8, y: top + 34, size: 22, weight: 'bold', colour: INK, width: RIGHT - 12 })]),
  ];
}

/** Chords where they begin in the bar; ticks show the beats of a bar that has several. */
function barCell({ beats, chords }: ChartBar, left: number, top: number): string[] {
  const at = (beat: number): number => left + 10 + (beat / beats) * (BAR_WIDTH - 14);
  const end = at(beats);
  const sizes = chords.map(({ beat, name }, index) =>
    fittingSize(name, weightOf(name), CHORD_PIXELS, at(chords[index + 1]?.beat ?? beats) - at(beat) - 4),
  );
  // Of one size within a bar, or the smallest would look unimportant.
  const size = Math.min(...sizes);
  if (size < ONE_ROW_PIXELS && chords.length > 1) return twoRows(chords, at, end, top);
  const ticks = chords.length > 1 ? Array.from({ length: beats }, (_, beat) => rule(at(beat) + 1, top + 44, 7)) : [];
  return [...ticks, ...chords.map((chord) => chordLabel(chord, at(chord.beat), top + 35, size))];
}

/** Chords take turns above and below, which gives each the room of two; what would pass the bar's end moves to the left. */
function twoRows(chords: readonly BarChord[], at: (beat: number) => number, end: number, top: number): string[] {
  const widths = chords.map(({ name }) => textWidth(name, weightOf(name)));
  const sizes = chords.map(({ beat }, index) => {
    const width = widths[index] as number;
    const [before, after] = [chords[index - 2], chords[index + 2]];
    if (after !== undefined) return (at(after.beat) - at(beat) - 6) / width;
    return before === undefined
      ? (end - at(0)) / width
      : (end - at(before.beat) - 10) / (width + (widths[index - 2] as number));
  });
  const size = Math.min(TWO_ROWS_PIXELS, ...sizes);
  return chords.map((chord, index) => {
    const x = Math.min(at(chord.beat), end - (widths[index] as number) * size);
    return chordLabel(chord, x, top + (index % 2 === 0 ? 21 : 47), size);
  });
}

function timeRow(chords: readonly ChartChord[], top: number): string[] {
  return chords.flatMap(({ startSeconds, name }, index) => {
    const x = LEFT + index * BAR_WIDTH;
    return [
      rule(x, top + 4, 56),
      label(clockTime(startSeconds), { x: x + 10, y: top + 18, size: 14 }),
      chordLabel({ name }, x + 10, top + 50, fittingSize(name, weightOf(name), CHORD_PIXELS, BAR_WIDTH - 16)),
    ];
  });
}

function chordLabel({ name }: Pick<BarChord, 'name'>, x: number, y: number, size: number): string {
  return label(name, { x, y, size, weight: weightOf(name), colour: name === NO_CHORD ? SOFT : INK });
}

function weightOf(name: string): Weight {
  return name === NO_CHORD ? 'normal' : 'bold';
}

function rule(x: number, top: number, height: number): string {
  const [at, from, to] = [x, top, top + height].map((value) => value.toFixed(1)) as [string, string, string];
  return empty('line', { x1: at, x2: at, y1: from, y2: to, stroke: FAINT, 'stroke-width': '2' });
}

interface Label {
  readonly x: number;
  /** Of the line that letters stand on. */
  readonly y: number;
  readonly size: number;
  readonly weight?: Weight;
  readonly colour?: string;
  /** Longer text is made smaller, to two thirds, and then cut. */
  readonly width?: number;
}

function label(value: string, { x, y, size, weight = 'normal', colour = SOFT, width = Infinity }: Label): string {
  const fit = Math.max(size / 1.5, fittingSize(value, weight, size, width));
  return text('text', cutToWidth(value, weight, fit, width), {
    x: x.toFixed(1),
    y: y.toFixed(1),
    'font-size': fit.toFixed(1),
    'font-weight': weight,
    fill: colour,
  });
}
