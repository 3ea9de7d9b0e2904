/** Which chords stand over which words, and which bars are played without any. */
import type { LyricLine, LyricWord, SongLyrics } from '../../workflows/contract/lyrics.ts';
import type { ChartBar, ChartBlock, ChartChord } from './chart.ts';

export interface WordOrChord {
  /** Exactly one of the two is there. */
  readonly chord?: string;
  readonly word?: string;
}

export type Passage = Span &
  /** A line that is sung, chords before the words that they come with. */
  (
    | { readonly kind: 'sung'; readonly parts: readonly WordOrChord[] }
    | { readonly kind: 'played'; readonly bars: readonly ChartBar[] }
    /** Where there are no bars. */
    | { readonly kind: 'free'; readonly chords: readonly string[] }
  );

interface Span {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

interface SungLine extends Span {
  readonly words: readonly LyricWord[];
}

interface Placed extends Span {
  readonly name: string;
}

/** Fewer bars between two lines belong to the line before. */
const FEWEST_PLAYED_BARS = 2;
/** A chord comes with a word that begins so much later. */
const EARLY_CHORD_SECONDS = 0.35;

/** Lines with words, as they begin; each in the block that its middle lies in. */
export function linesOf(lyrics: SongLyrics | null, blocks: readonly Span[]): Map<Span, SungLine[]> {
  const byBlock = new Map<Span, SungLine[]>(blocks.map((block) => [block, []]));
  for (const line of lyrics?.lines ?? []) {
    const sung = sungLine(line);
    if (sung === null) continue;
    const middle = (sung.startSeconds + sung.endSeconds) / 2;
    const block = blocks.findLast(({ startSeconds }) => startSeconds <= middle) ?? blocks[0];
    if (block !== undefined) byBlock.get(block)?.push(sung);
  }
  for (const lines of byBlock.values()) lines.sort((one, other) => one.startSeconds - other.startSeconds);
  return byBlock;
}

function sungLine({ words }: LyricLine): SungLine | null {
  const [first] = words;
  if (first === undefined) return null;
  const endSeconds = words.reduce((end, word) => Math.max(end, word.endSeconds), 0);
  return { startSeconds: first.startSeconds, endSeconds, words };
}

/** In the order of time; every chord of the block once, and again where a line or a bar begins under it. */
export function passages(block: ChartBlock, lines: readonly SungLine[]): Passage[] {
  if (lines.length === 0) return played(block, block);
  const slots: readonly Span[] = block.bars.length > 0 ? block.bars : block.chords;
  const homes = lines.map((line) => homeOf(line, slots));
  const isSung = slots.map((slot, index) => homes.includes(index) || lines.some((line) => shareOf(slot, line) >= 0.25));
  return stretches(isSung).flatMap(({ from, to, sung }): Passage[] => {
    const stretch = {
      startSeconds: from === 0 ? block.startSeconds : (slots[from] as Span).startSeconds,
      endSeconds: to === slots.length ? block.endSeconds : (slots[to] as Span).startSeconds,
    };
    const inside = lines.filter((_, index) => from <= (homes[index] as number) && (homes[index] as number) < to);
    if (!sung || inside.length === 0) return played(block, stretch);
    return withChords(inside, within(block.chords, stretch));
  });
}

/** A new key begins a passage. */
function played(block: ChartBlock, { startSeconds, endSeconds }: Span): Passage[] {
  const inside = block.keyChanges
    .map(({ atSeconds }) => atSeconds)
    .filter((at) => at > startSeconds + 1e-6 && at < endSeconds - 1e-6);
  const starts = [startSeconds, ...inside];
  return starts.map((start, index): Passage => {
    const stretch = { startSeconds: start, endSeconds: starts[index + 1] ?? endSeconds };
    const bars = block.bars.filter((bar) => holds(stretch, bar.startSeconds));
    if (block.bars.length > 0) return { ...stretch, kind: 'played', bars };
    return { ...stretch, kind: 'free', chords: within(block.chords, stretch).map(({ name }) => name) };
  });
}

/** Sung and played stretches, a short played one taken into the sung one before it, or else after it. */
function stretches(isSung: readonly boolean[]): { from: number; to: number; sung: boolean }[] {
  const runs: { from: number; to: number; sung: boolean }[] = [];
  for (const [index, sung] of isSung.entries()) {
    const last = runs.at(-1);
    if (last?.sung === sung) last.to = index + 1;
    else runs.push({ from: index, to: index + 1, sung });
  }
  const joined: typeof runs = [];
  for (const run of runs) {
    const last = joined.at(-1);
    // Phrases have pairs of bars: what is left of one belongs to the line.
    if (last?.sung === true && !run.sung && run.from % 2 === 1) run.from = last.to = run.from + 1;
    const sung = run.sung || run.to - run.from < FEWEST_PLAYED_BARS;
    if (last?.sung === true && sung) last.to = run.to;
    else joined.push({ ...run, sung });
  }
  return joined;
}

/** The slot that has most of a line. */
function homeOf(line: SungLine, slots: readonly Span[]): number {
  let best = 0;
  for (const [index, slot] of slots.entries()) {
    if (overlap(slot, line) > overlap(slots[best] as Span, line)) best = index;
  }
  return best;
}

function within(chords: readonly ChartChord[], stretch: Span): Placed[] {
  return chords.flatMap(({ name, startSeconds, endSeconds }) => {
    // What rings on from before is named again with the first line or bar.
    const begins = Math.max(startSeconds, stretch.startSeconds);
    return holds(stretch, begins) && endSeconds > begins + 1e-6 ? [{ name, startSeconds: begins, endSeconds }] : [];
  });
}

/** Chords go to the last line that has begun; over it, before the word that begins nearest to them. */
function withChords(lines: readonly SungLine[], chords: readonly Placed[]): Passage[] {
  let sounding: string | null = null;
  return lines.map(({ words, startSeconds: begins, endSeconds }, index) => {
    const next = lines[index + 1];
    const own = chords.filter(
      ({ startSeconds }) =>
        (index === 0 || startSeconds >= beginsAt(lines[index] as SungLine)) &&
        (next === undefined || startSeconds < beginsAt(next)),
    );
    const parts: WordOrChord[] = [];
    const places = own.map(({ name, startSeconds }) => ({ name, word: wordAt(words, startSeconds) }));
    if (sounding !== null && !places.some(({ word }) => word === 0)) parts.push({ chord: sounding });
    for (const [at, { text }] of words.entries()) {
      for (const { name } of places.filter(({ word }) => word === at)) parts.push({ chord: name });
      parts.push({ word: text });
    }
    for (const { name } of places.filter(({ word }) => word === words.length)) parts.push({ chord: name });
    sounding = own.at(-1)?.name ?? sounding;
    return { startSeconds: begins, endSeconds, kind: 'sung', parts };
  });
}

function beginsAt({ startSeconds }: SungLine): number {
  return startSeconds - EARLY_CHORD_SECONDS;
}

/** @returns the number of the word that begins nearest; one more than the last where all have ended */
function wordAt(words: readonly LyricWord[], seconds: number): number {
  const last = words.at(-1) as LyricWord;
  if (seconds >= last.endSeconds) return words.length;
  let best = 0;
  for (const [index, { startSeconds }] of words.entries()) {
    if (Math.abs(startSeconds - seconds) < Math.abs((words[best] as LyricWord).startSeconds - seconds)) best = index;
  }
  return best;
}

function shareOf(slot: Span, line: Span): number {
  return overlap(slot, line) / (slot.endSeconds - slot.startSeconds);
}

function overlap(one: Span, other: Span): number {
  return Math.min(one.endSeconds, other.endSeconds) - Math.max(one.startSeconds, other.startSeconds);
}

function holds({ startSeconds, endSeconds }: Span, seconds: number): boolean {
  return seconds >= startSeconds - 1e-6 && seconds < endSeconds - 1e-6;
}
