/**
 * A chart in ChordPro 6, with the song's words where they are known. What is not in every reader is left out: a section's title is the plain argument
 * of its environment, and bars that are only played are a grid under a comment.
 */
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import { BARS_PER_LINE } from './chart-blocks.ts';
import { doubtLine, keyAndCapo } from './chart-header.ts';
import type { Chart, ChartBar, ChartBlock, KeyChange } from './chart.ts';
import { shortKeyName } from './key-names.ts';
import { linesOf, passages } from './place-words.ts';
import type { Passage, WordOrChord } from './place-words.ts';
import { keyChangeText } from './write-chart-text.ts';

/** Everything is written out: programs that transpose and scroll need no repeats explained. */
export function writeChordPro(chart: Chart, lyrics: SongLyrics | null): string {
  const lines = linesOf(lyrics, chart.blocks);
  const body = chart.blocks.flatMap((block) => [
    '',
    ...blockText(block, passages(block, lines.get(block) ?? []), chart),
  ]);
  return [...head(chart), ...body, ''].join('\n');
}

/** A player's key is that of the shapes: with a capo the song sounds higher than `key` says. */
function head(chart: Chart): string[] {
  const { title, playedIn, capo, tempoBpm, timeSignature } = chart;
  return [
    `{title: ${plainText(title)}}`,
    ...(playedIn === null ? [] : [`{key: ${shortKeyName(playedIn)}}`]),
    ...(capo === 0 ? [] : [`{capo: ${capo}}`]),
    ...(tempoBpm === null ? [] : [`{tempo: ${Math.round(tempoBpm)}}`]),
    ...(timeSignature === null ? [] : [`{time: ${timeSignature.beatsPerBar}/${timeSignature.beatUnit}}`]),
    ...[keyAndCapo(chart), ...doubtLine(chart)].map((line) => `{comment: ${line}}`),
  ];
}

function blockText(block: ChartBlock, parts: readonly Passage[], chart: Chart): string[] {
  const changes = [...block.keyChanges];
  const changesUntil = (seconds: number): string[] => {
    const begun = changes.filter(({ atSeconds }) => atSeconds <= seconds + 1e-6);
    return changes.splice(0, begun.length).flatMap((change) => keyChangeLines(change, chart.capo));
  };
  const environment = environmentOf(block);
  const lines: string[] = [];
  let open = false;
  const close = (): void => {
    if (open) lines.push(`{end_of_${environment}}`);
    open = false;
  };
  let isFirst = true;
  for (const part of parts) {
    if (part.kind !== 'sung') close();
    // A line that leads to a new key begins before it.
    lines.push(...changesUntil((part.startSeconds + part.endSeconds) / 2));
    if (part.kind === 'sung') {
      if (!open) lines.push(`{start_of_${environment}${isFirst ? `: ${block.title}` : ''}}`);
      open = true;
      lines.push(sungLine(part.parts));
    } else {
      if (isFirst) lines.push(`{comment: ${block.title}}`);
      lines.push(...(part.kind === 'played' ? grid(part.bars) : [part.chords.map((name) => `[${name}]`).join(' ')]));
    }
    isFirst = false;
  }
  close();
  return [...lines, ...changesUntil(block.endSeconds)];
}

function keyChangeLines(change: KeyChange, capo: number): string[] {
  return [`{comment: ${keyChangeText(change, capo)}}`, `{key: ${shortKeyName(change.playedIn)}}`];
}

function environmentOf({ name }: ChartBlock): string {
  return name === 'chorus' || name === 'bridge' ? name : 'verse';
}

function grid(bars: readonly ChartBar[]): string[] {
  const rows: string[] = [];
  for (let from = 0; from < bars.length; from += BARS_PER_LINE) {
    rows.push(
      `| ${bars
        .slice(from, from + BARS_PER_LINE)
        .map(cells)
        .join(' | ')} |`,
    );
  }
  return ['{start_of_grid}', ...rows, '{end_of_grid}'];
}

function cells({ beats, chords }: ChartBar): string {
  return Array.from({ length: beats }, (_, beat) => chords.find((chord) => chord.beat === beat)?.name ?? '.').join(' ');
}

/** A chord stands right before its word; one without a word stands by itself. */
function sungLine(parts: readonly WordOrChord[]): string {
  let line = '';
  for (const [index, { chord, word }] of parts.entries()) {
    if (index > 0 && !(word !== undefined && parts[index - 1]?.chord !== undefined)) line += ' ';
    line += chord === undefined ? plainText(word ?? '') : `[${chord}]`;
  }
  // A hash at the beginning would make a comment of it, a backslash at the end would join it with the next.
  return line.replaceAll(/^#+|\\+$/gu, '');
}

/** Without what means something in ChordPro. */
function plainText(text: string): string {
  return text
    .replaceAll(/[[{]/gu, '(')
    .replaceAll(/[\]}]/gu, ')')
    .replaceAll(/[<>\s]+/gu, ' ')
    .trim();
}
