/** Sections as blocks of bars, with what repeats told instead of written again. */
import type { SectionSpan } from '../../workflows/contract/analysis.ts';
import type { ChartBar, ChartBlock, ChartLine, KeyChange } from './chart.ts';

export const BARS_PER_LINE = 4;

export interface BlockSpan extends Pick<SectionSpan, 'startSeconds' | 'endSeconds' | 'name' | 'letter'> {
  readonly title: string;
}

const NAMES: Readonly<Record<NonNullable<SectionSpan['name']>, string>> = {
  intro: 'Intro',
  verse: 'Verse',
  chorus: 'Chorus',
  bridge: 'Bridge',
  solo: 'Solo',
  outro: 'Outro',
};

/**
 * @param starts times at which a block may begin, rising: those of bars, or of chords where there is no beat
 * @returns blocks that tile the song from the first start, none of them empty
 */
export function blockSpans(
  sections: readonly SectionSpan[],
  starts: readonly number[],
  endSeconds: number,
): BlockSpan[] {
  const chosen = new Map<number, Pick<SectionSpan, 'name' | 'letter'>>();
  for (const { startSeconds, name, letter } of sections) {
    // Of two that would begin together the later one is longer there.
    chosen.set(chosen.size === 0 ? 0 : nearest(starts, startSeconds), { name, letter });
  }
  if (starts.length === 0) return [];
  if (!chosen.has(0)) chosen.set(0, { name: null, letter: 'A' });
  const blocks = [...chosen].sort(([one], [other]) => one - other);
  const titles = titled(blocks.map(([, section]) => section));
  return blocks.map(([start, section], index) => ({
    ...section,
    title: titles[index] as string,
    startSeconds: starts[start] as number,
    endSeconds: starts[blocks[index + 1]?.[0] ?? starts.length] ?? endSeconds,
  }));
}

function nearest(rising: readonly number[], value: number): number {
  let best = 0;
  for (const [index, each] of rising.entries()) {
    if (Math.abs(each - value) < Math.abs((rising[best] as number) - value)) best = index;
  }
  return best;
}

/** Titles that stand for several sections are numbered. */
function titled(sections: readonly Pick<SectionSpan, 'name' | 'letter'>[]): string[] {
  const bare = sections.map(({ name, letter }) => {
    if (name !== null) return NAMES[name];
    return sections.length === 1 ? 'Song' : `Part ${letter}`;
  });
  const seen = new Map<string, number>();
  return bare.map((title) => {
    if (bare.filter((other) => other === title).length === 1) return title;
    const number = (seen.get(title) ?? 0) + 1;
    seen.set(title, number);
    return `${title} ${number}`;
  });
}

/** Four bars a line; a pickup and a new key begin one. */
export function blockLines(
  bars: readonly ChartBar[],
  keyChanges: readonly KeyChange[],
): Pick<ChartBlock, 'lines' | 'times'> {
  const changeAt = (bar: ChartBar): KeyChange | null =>
    keyChanges.find(({ atSeconds }) => Math.abs(atSeconds - bar.startSeconds) < 1e-6) ?? null;
  const lines: { bars: ChartBar[]; keyChange: KeyChange | null }[] = [];
  for (const bar of bars) {
    const last = lines.at(-1);
    const keyChange = changeAt(bar);
    const isFull = last !== undefined && (last.bars.length === BARS_PER_LINE || last.bars[0]?.number === 0);
    if (last === undefined || isFull || keyChange !== null) lines.push({ bars: [bar], keyChange });
    else last.bars.push(bar);
  }
  const period = periodOf(lines.map((line) => contentOf(line.bars, line.keyChange)));
  return {
    lines: withoutRepeats(lines.slice(0, period).map((line) => ({ ...line, times: 1 }))),
    times: lines.length === 0 ? 1 : lines.length / period,
  };
}

function withoutRepeats(lines: readonly ChartLine[]): ChartLine[] {
  const kept: ChartLine[] = [];
  for (const line of lines) {
    const last = kept.at(-1);
    if (last !== undefined && line.keyChange === null && contentOf(line.bars) === contentOf(last.bars)) {
      kept[kept.length - 1] = { ...last, times: last.times + 1 };
    } else kept.push(line);
  }
  return kept;
}

/** Of two lines or more that are played over and over; lines that are all alike are told by themselves. */
function periodOf(contents: readonly string[]): number {
  for (let period = 2; period <= contents.length / 2; period++) {
    const fits = contents.length % period === 0 && contents.every((line, at) => line === contents[at % period]);
    if (fits && new Set(contents).size > 1) return period;
  }
  return contents.length;
}

/** What is played, in words that can be compared. */
export function contentOf(bars: readonly ChartBar[], keyChange: KeyChange | null = null): string {
  return JSON.stringify([
    keyChange === null ? null : keyChange.atSeconds,
    bars.map(({ beats, chords }) => [beats, chords.map(({ beat, name }) => [beat, name])]),
  ]);
}
