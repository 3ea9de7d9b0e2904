/** From what a song is made of to its chart. */
import type { SongAnalysis, SongKey } from '../../workflows/contract/analysis.ts';
import { SURE } from '../../workflows/contract/analysis.ts';
import type { ChartOptions } from '../../workflows/contract/chart.ts';
import { countable } from '../tab/free-time.ts';
import { blockLines, blockSpans, contentOf } from './chart-blocks.ts';
import type { BlockSpan } from './chart-blocks.ts';
import { chartGrid, playedBars } from './chart-grid.ts';
import type { BarSpan } from './chart-grid.ts';
import type { BarChord, Chart, ChartBar, ChartBlock, ChartChord } from './chart.ts';
import { chartChords, simpleSpans } from './chart-chords.ts';
import { chordPath } from './chord-path.ts';
import type { HeldChord, SoundingChord } from './chord-path.ts';
import { movedKey } from './key-names.ts';
import { easiestCapo } from './open-shapes.ts';
import { readChord, transposed } from './pitch-chord.ts';
import { loopOf } from './roman-numerals.ts';
import { sectionScale } from './section-scale.ts';
import type { TimedChord } from './section-scale.ts';
import { keyAt, songKeys } from './song-keys.ts';
import type { KeySpan } from './song-keys.ts';

export interface ChartRequest {
  readonly title: string;
  readonly analysis: SongAnalysis;
  readonly options: ChartOptions;
}

/** Of the chords' confidence, weighted by time: below it the whole chart is a guess. */
const CLEAR_CHORDS = SURE / 2;
/** Numerals are those of a section's first bars. */
const NUMERAL_BARS = 8;
const MOST_NUMERALS = 16;

export function makeChart({ title, analysis, options }: ChartRequest): Chart {
  const { transpose, detail } = options;
  const capo = options.capo ?? 0;
  const home = analysis.key === null ? null : { ...analysis.key, ...movedKey(analysis.key, transpose) };
  const spans = analysis.chords.map(({ startSeconds, endSeconds, confidence, label }) => ({
    startSeconds,
    endSeconds,
    confidence,
    chord: transposed(readChord(label), transpose),
  }));
  const rhythm = countable(analysis.rhythm);
  const grid = chartGrid(rhythm, spans);
  const heard = chordPath(spans, grid.edgesSeconds);
  const bars = playedBars(grid, heard, rhythm);
  const sectionStarts = analysis.sections.map(({ startSeconds }) => startSeconds);
  const keys = songKeys({ path: heard, bars, sectionStarts, home });
  const key = firstKey(home, keys);
  const shown = detail === 'detailed' ? heard : chordPath(simpleSpans(spans, keys), grid.edgesSeconds);
  const { durationSeconds } = analysis;
  const chords = chartChords(shown, heard, { keys, capo, detail, durationSeconds });
  const keyChanges = keys.slice(1).map((span) => ({
    key: span.key,
    playedIn: movedKey(span.key, -capo),
    atSeconds: span.startSeconds,
  }));
  const song: Song = { bars: bars.map((bar) => chartBar(bar, shown, chords)), chords, heard, keys, keyChanges };
  const starts = bars.length > 0 ? bars.map((bar) => bar.startSeconds) : chords.map((chord) => chord.startSeconds);
  return {
    title,
    key,
    playedIn: key === null ? null : movedKey(key, -capo),
    capo,
    transpose,
    detail,
    easiestCapo: easiestCapo(timed(shown)),
    tempoBpm: rhythm?.tempoBpm ?? null,
    timeSignature: rhythm?.timeSignature ?? null,
    isGuess: meanConfidence(spans) < CLEAR_CHORDS,
    blocks: chartBlocks(blockSpans(analysis.sections, starts, bars.at(-1)?.endSeconds ?? durationSeconds), song),
    chords,
    keyChanges,
  };
}

interface Song extends Pick<Chart, 'chords' | 'keyChanges'> {
  readonly bars: readonly ChartBar[];
  readonly heard: readonly HeldChord[];
  readonly keys: readonly KeySpan[];
}

/** A player puts the hands down in the key that the song begins in: where that is not the one it is mostly in, the song is as sure of both. */
function firstKey(home: SongKey | null, [first]: readonly KeySpan[]): SongKey | null {
  if (home === null || first === undefined) return home;
  const { tonic, mode } = first.key;
  if (tonic === home.tonic && mode === home.mode) return home;
  return { tonic, mode, otherMode: null, confidence: home.confidence };
}

/** The last bar goes on after the song's end. */
function chartBar(
  { number, startSeconds, endSeconds, fromStep, beats }: BarSpan,
  path: readonly HeldChord[],
  chords: readonly ChartChord[],
): ChartBar {
  const within = path.flatMap((held, index): BarChord[] => {
    const name = chords[index]?.name;
    if (name === undefined || held.toStep <= fromStep || held.fromStep >= fromStep + beats) return [];
    // How a last chord fades is nobody's to play.
    if (held.chord === null && index === path.length - 1 && held.fromStep > fromStep) return [];
    return [{ beat: Math.max(0, held.fromStep - fromStep), name }];
  });
  return { number, startSeconds, endSeconds, beats, chords: within };
}

function chartBlocks(spans: readonly BlockSpan[], song: Song): ChartBlock[] {
  const blocks: ChartBlock[] = [];
  for (const [index, span] of spans.entries()) {
    const isLast = index === spans.length - 1;
    const within = ({ startSeconds }: { readonly startSeconds: number }): boolean =>
      startSeconds >= span.startSeconds - 1e-6 && (isLast || startSeconds < span.endSeconds - 1e-6);
    const bars = song.bars.filter(within);
    const keyChanges = song.keyChanges.filter(({ atSeconds }) => within({ startSeconds: atSeconds }));
    const chords = song.chords.filter((chord) => overlap(chord, span) > 0);
    const content = contentOf(bars);
    const twin = blocks.find((other) => bars.length > 0 && contentOf(other.bars) === content);
    blocks.push({
      ...span,
      scale: scaleOf(span, song),
      numerals: numeralsOf(chords, bars),
      bars,
      ...blockLines(bars, keyChanges),
      sameAs: keyChanges.length > 0 ? null : (twin?.sameAs ?? twin?.title ?? null),
      chords,
      keyChanges,
    });
  }
  return blocks;
}

/** By the chords in all detail, in the key that the section begins in. */
function scaleOf(span: BlockSpan, { heard, keys }: Song): string | null {
  const key = keyAt(keys, span.startSeconds);
  if (key === null) return null;
  const sounding = heard.flatMap(({ chord, ...held }) => {
    const seconds = overlap(held, span);
    return chord === null || seconds <= 0 ? [] : [{ chord, seconds }];
  });
  return sounding.length === 0 ? null : sectionScale(sounding, key);
}

function numeralsOf(chords: readonly ChartChord[], bars: readonly ChartBar[]): string {
  const pickup = bars[0]?.number === 0 ? 1 : 0;
  const end = bars[NUMERAL_BARS + pickup]?.startSeconds ?? Number.POSITIVE_INFINITY;
  const numerals = chords
    .filter(({ startSeconds }) => startSeconds < end)
    .flatMap(({ numeral }) => (numeral === null ? [] : [numeral]));
  const changes = numerals.filter((numeral, index) => numeral !== numerals[index - 1]).slice(0, MOST_NUMERALS);
  return changes.slice(0, loopOf(changes)).join(' ');
}

function overlap(
  one: { readonly startSeconds: number; readonly endSeconds: number },
  other: { readonly startSeconds: number; readonly endSeconds: number },
): number {
  return Math.min(one.endSeconds, other.endSeconds) - Math.max(one.startSeconds, other.startSeconds);
}

function timed(path: readonly HeldChord[]): TimedChord[] {
  return path.flatMap(({ chord, startSeconds, endSeconds }) =>
    chord === null ? [] : [{ chord, seconds: endSeconds - startSeconds }],
  );
}

/** 1 where no chord sounds: of that there is nothing to doubt. */
function meanConfidence(spans: readonly SoundingChord[]): number {
  const sounding = spans.filter(({ chord }) => chord !== null);
  const seconds = sounding.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
  if (seconds === 0) return 1;
  return sounding.reduce((sum, span) => sum + span.confidence * (span.endSeconds - span.startSeconds), 0) / seconds;
}
