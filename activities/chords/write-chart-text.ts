/** A chart as plain text, for a font whose letters are all as wide as each other. */
import { headerLines } from './chart-header.ts';
import type { Chart, ChartBar, ChartBlock, ChartChord, ChartLine, KeyChange } from './chart.ts';
import { keyName, shortKeyName } from './key-names.ts';

export function writeChartText(chart: Chart): string {
  const body = chart.blocks.flatMap((block) => ['', ...blockText(block, chart.capo)]);
  return [chart.title, ...headerLines(chart), ...body, ''].join('\n');
}

/** The first lines of the music itself. */
export function chartOpening({ blocks, capo }: Chart, mostLines: number): string {
  return blocks
    .flatMap((block) => blockText(block, capo))
    .slice(0, mostLines)
    .join('\n');
}

function blockText(block: ChartBlock, capo: number): string[] {
  const theory = [block.scale ?? '', block.numerals].filter((part) => part !== '').join(': ');
  const heading = `[${block.title}]${blockTimes(block)}${theory === '' ? '' : `  ${theory}`}`;
  if (block.sameAs !== null) return [heading, `as ${block.sameAs}`];
  if (block.bars.length === 0) return [heading, ...block.chords.map((chord) => timedChord(chord, block))];
  const width = Math.max(...block.bars.map((bar) => barText(bar).length));
  return [heading, ...block.lines.flatMap((line) => lineText(line, width, capo))];
}

export function blockTimes({ times, sameAs }: ChartBlock): string {
  return times === 1 || sameAs !== null ? '' : ` x${times}`;
}

function lineText({ bars, times, keyChange }: ChartLine, width: number, capo: number): string[] {
  const cells = bars.map((bar) => ` ${barText(bar).padEnd(width)} |`).join('');
  return [
    ...(keyChange === null ? [] : [keyChangeText(keyChange, capo)]),
    `|${cells}${times === 1 ? '' : ` x${times}`}`,
  ];
}

/** Such as `Key change: Bb major, play in A`. */
export function keyChangeText({ key, playedIn }: KeyChange, capo: number): string {
  return `Key change: ${keyName(key)}${capo === 0 ? '' : `, play in ${shortKeyName(playedIn)}`}`;
}

/** One chord by itself; several at their beats, with a dot for each beat that none begins on. */
function barText({ beats, chords }: ChartBar): string {
  if (chords.length === 1) return (chords[0] as { readonly name: string }).name;
  return Array.from({ length: beats }, (_, beat) => chords.find((chord) => chord.beat === beat)?.name ?? '.').join(' ');
}

function timedChord({ startSeconds, name }: ChartChord, block: ChartBlock): string {
  return `${clockTime(Math.max(startSeconds, block.startSeconds))}  ${name}`;
}

/** `1:07.5`: minutes, seconds and tenths. */
export function clockTime(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}
