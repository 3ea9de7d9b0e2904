/** Where everything of a chart stands on its pages, from top to bottom. Lengths are pixels of the drawing. */
import { headerLines } from './chart-header.ts';
import type { Chart, ChartBlock, ChartChord, ChartLine } from './chart.ts';
import { blockTimes, keyChangeText } from './write-chart-text.ts';

export const PAGE_WIDTH = 800;
/** Three times as tall as wide: a song of usual length fits, and a telephone shows it in two screens. */
export const PAGE_HEIGHT = 2400;
/** What is left stands in the text alone. */
export const MOST_PAGES = 3;
export const MARGIN = 28;

/** Something across the whole width. */
export type Item = { readonly height: number } & (
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'fact'; readonly text: string; readonly isMain: boolean }
  | { readonly kind: 'heading'; readonly block: ChartBlock; readonly title: string; readonly theory: string }
  | { readonly kind: 'remark'; readonly text: string }
  | { readonly kind: 'bars'; readonly line: ChartLine }
  | { readonly kind: 'times'; readonly chords: readonly ChartChord[] }
);

export interface Page {
  readonly items: readonly Item[];
}

const FACT_HEIGHT = 26;
const REMARK_HEIGHT = 34;
const BARS_HEIGHT = 66;
const TIMES_PER_ROW = 4;

/** Pages end between blocks where they can; a heading never stands by itself at the end of one. */
export function chartPages(chart: Chart): Page[] {
  const groups = [header(chart), ...chart.blocks.map((block) => blockItems(block, chart))];
  const pages: Item[][] = [[]];
  const left = (): number => PAGE_HEIGHT - 2 * MARGIN - REMARK_HEIGHT - heightOf(pages.at(-1) as Item[]);
  for (const group of groups) {
    // A block that would fit on a page of its own is not torn apart.
    const isTorn = heightOf(group) > left();
    if (isTorn && heightOf(group) < PAGE_HEIGHT / 2) pages.push([]);
    for (const [index, item] of group.entries()) {
      const withNext = item.kind === 'heading' ? (group[index + 1]?.height ?? 0) : 0;
      if (item.height + withNext > left()) pages.push([]);
      (pages.at(-1) as Item[]).push(item);
    }
  }
  return pages.slice(0, MOST_PAGES).map((items, index) => ({ items: [...items, ...goesOn(pages, index)] }));
}

function goesOn(pages: readonly Item[][], index: number): Item[] {
  const next = pages[index + 1];
  if (next === undefined) return [];
  const where = index + 1 < MOST_PAGES ? `on page ${index + 2}` : 'in chords.txt';
  const bar = next.find((item) => item.kind === 'bars')?.line.bars[0];
  const from = bar === undefined ? '' : ` with bar ${bar.number}`;
  return [{ kind: 'remark', height: REMARK_HEIGHT, text: `Goes on${from} ${where}` }];
}

function header(chart: Chart): Item[] {
  return [
    { kind: 'title', height: 48, text: chart.title },
    ...headerLines(chart).map((text, index): Item => ({
      kind: 'fact',
      height: FACT_HEIGHT,
      text,
      isMain: index === 0,
    })),
  ];
}

function blockItems(block: ChartBlock, { capo }: Chart): Item[] {
  const title = `${block.title}${blockTimes(block).replace('x', '×')}`;
  const theory = [block.scale ?? '', block.numerals].filter((part) => part !== '').join(': ');
  const heading: Item = { kind: 'heading', height: 60, block, title, theory };
  if (block.sameAs !== null) return [heading, { kind: 'remark', height: REMARK_HEIGHT, text: `as ${block.sameAs}` }];
  if (block.bars.length === 0) return [heading, ...timeRows(block.chords)];
  return [
    heading,
    ...block.lines.flatMap((line): Item[] => [
      ...(line.keyChange === null
        ? []
        : [{ kind: 'remark' as const, height: REMARK_HEIGHT, text: keyChangeText(line.keyChange, capo) }]),
      { kind: 'bars', height: BARS_HEIGHT, line },
    ]),
  ];
}

function timeRows(chords: readonly ChartChord[]): Item[] {
  return Array.from({ length: Math.ceil(chords.length / TIMES_PER_ROW) }, (_, row) => ({
    kind: 'times' as const,
    height: 72,
    chords: chords.slice(row * TIMES_PER_ROW, (row + 1) * TIMES_PER_ROW),
  }));
}

export function heightOf(items: readonly Item[]): number {
  return items.reduce((sum, { height }) => sum + height, 0);
}
