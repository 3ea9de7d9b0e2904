/** The steps that chords are written on: a song's beats, in bars; without a beat, the times at which its chords change. */
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import { beatGrid } from '../tab/beat-grid.ts';
import type { HeldChord, SoundingChord } from './chord-path.ts';

export interface BarSpan {
  /** From 1; a pickup is 0. */
  readonly number: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly fromStep: number;
  readonly beats: number;
}

export interface ChartGrid {
  /** One more than there are steps. */
  readonly edgesSeconds: readonly number[];
  /** None where there is no beat. */
  readonly bars: readonly (Omit<BarSpan, 'number'> & { readonly isPickup: boolean })[];
}

/** @param rhythm of two beats or more */
export function chartGrid(rhythm: SongRhythm | null, spans: readonly SoundingChord[]): ChartGrid {
  if (rhythm === null) {
    const [first] = spans;
    const edges = first === undefined ? [] : [first.startSeconds, ...spans.map(({ endSeconds }) => endSeconds)];
    return { edgesSeconds: edges, bars: [] };
  }
  const lastSounding = spans.findLast(({ chord }) => chord !== null)?.endSeconds ?? 0;
  const { beatsSeconds, bars } = beatGrid(rhythm, Math.max(lastSounding, rhythm.beatsSeconds.at(-1) as number));
  return {
    edgesSeconds: beatsSeconds,
    bars: bars.map(({ firstBeat, beats, pickup }) => ({
      startSeconds: beatsSeconds[firstBeat] as number,
      endSeconds: beatsSeconds[firstBeat + beats] as number,
      fromStep: firstBeat,
      beats,
      isPickup: pickup,
    })),
  };
}

/** Bars that something is played in: a grid goes on before the first beat that was heard, and after the last. A pickup needs a chord. */
export function playedBars(grid: ChartGrid, path: readonly HeldChord[], rhythm: SongRhythm | null): BarSpan[] {
  if (rhythm === null) return [];
  const [firstBeat, lastBeat] = [rhythm.beatsSeconds[0] as number, rhythm.beatsSeconds.at(-1) as number];
  const sounding = path.filter(({ chord }) => chord !== null);
  const firstStep = sounding[0]?.fromStep ?? Number.POSITIVE_INFINITY;
  const endStep = sounding.at(-1)?.toStep ?? 0;
  const played = grid.bars.filter(
    ({ startSeconds, endSeconds, fromStep, beats, isPickup }) =>
      (endSeconds > firstBeat && startSeconds < lastBeat && !isPickup) ||
      (fromStep + beats > firstStep && fromStep < endStep),
  );
  const shift = played[0]?.isPickup === true ? 0 : 1;
  return played.map(({ startSeconds, endSeconds, fromStep, beats }, index) => ({
    number: index + shift,
    startSeconds,
    endSeconds,
    fromStep,
    beats,
  }));
}
