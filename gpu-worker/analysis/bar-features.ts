// What a bar sounds like, in a few numbers: its harmony in two halves, and how loud each octave is.
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import { chordTones } from './chord-vocabulary.ts';
import type { ChordRun } from './chords.ts';
import type { HarmonyGrid } from './harmony-grid.ts';
import type { Harmony } from './harmony.ts';
import { BINS_PER_SEMITONE } from './pitch-frames.ts';
import type { PitchFrames } from './pitch-frames.ts';

export interface BarFeatures {
  readonly startSeconds: number;
  /** Euclidean distances between these say how alike two bars are. */
  readonly vector: Float32Array;
  readonly levelDb: number;
}

/** Stands in for a bar where there is no beat. */
const BAR_SECONDS = 2;
const OCTAVE_BINS = 12 * BINS_PER_SEMITONE;
/** Levels this far below the loudest are as good as silence. */
const RANGE_DB = 50;
/** So many decibels in one octave count as much as half the notes of half a bar. */
const LEVEL_SCALE_DB = 80;

export function barFeatures({ frames, runs, grid }: Harmony, rhythm: SongRhythm | null): BarFeatures[] {
  const edges = barEdges(grid, rhythm);
  const octaves = edges.slice(0, -1).map((start, bar) => octaveLevels(frames, start, edges[bar + 1]!));
  const loudest = octaves.reduce((most, levels) => Math.max(most, ...levels), Number.NEGATIVE_INFINITY);
  return octaves.map((levels, bar) => {
    const [start, end] = [edges[bar]!, edges[bar + 1]!];
    const middle = (start + end) / 2;
    const clipped = levels.map((level) => Math.max(0, level - loudest + RANGE_DB) / LEVEL_SCALE_DB);
    const halves = [chordTonesOf(runs, grid, start, middle), chordTonesOf(runs, grid, middle, end)];
    return {
      startSeconds: start,
      vector: Float32Array.from([...halves.flatMap((half) => [...half]), ...clipped]),
      levelDb: Math.max(...levels, loudest - RANGE_DB),
    };
  });
}

/** Downbeats and the song's ends. What is shorter than two bars before the first downbeat, or than half of one after the last, goes with its neighbour. */
function barEdges(grid: HarmonyGrid, rhythm: SongRhythm | null): number[] {
  const durationSeconds = grid.edgesSeconds.at(-1)!;
  const [first, second, ...rest] = rhythm?.downbeatsSeconds ?? [];
  if (first === undefined || second === undefined) {
    const bars = Math.max(1, Math.round(durationSeconds / BAR_SECONDS));
    return Array.from({ length: bars + 1 }, (_, bar) => (bar * durationSeconds) / bars);
  }
  const barSeconds = second - first;
  const starts = first < 2 * barSeconds ? [0, second, ...rest] : [0, first, second, ...rest];
  return [...starts.filter((seconds) => seconds <= durationSeconds - barSeconds / 2), durationSeconds];
}

/** Decibels of the mean magnitude in each octave. */
function octaveLevels(frames: PitchFrames, startSeconds: number, endSeconds: number): Float32Array {
  const octaves = Math.ceil(frames.bins / OCTAVE_BINS);
  const sums = new Float32Array(octaves);
  const first = Math.min(frames.frames - 1, Math.ceil(startSeconds * frames.frameRateHz));
  const end = Math.max(first + 1, Math.min(frames.frames, Math.ceil(endSeconds * frames.frameRateHz)));
  for (let frame = first; frame < end; frame++) {
    for (let bin = 0; bin < frames.bins; bin++) {
      sums[Math.floor(bin / OCTAVE_BINS)]! += frames.spectra[frame * frames.bins + bin]!;
    }
  }
  return sums.map((sum) => 20 * Math.log10(Math.max(sum / ((end - first) * OCTAVE_BINS), 1e-7)));
}

/** Tones of the chords in a stretch of time, of unit length: bars with the same chords lie together whatever melody is over them. */
function chordTonesOf(
  runs: readonly ChordRun[],
  grid: HarmonyGrid,
  startSeconds: number,
  endSeconds: number,
): Float32Array {
  const sums = new Float32Array(12);
  for (const { from, to, chord } of runs) {
    const seconds = Math.min(endSeconds, grid.edgesSeconds[to]!) - Math.max(startSeconds, grid.edgesSeconds[from]!);
    if (seconds <= 0 || chord === null) continue;
    for (const tone of chordTones(chord)) sums[tone]! += seconds;
    sums[chord.root]! += seconds;
  }
  const length = Math.hypot(...sums);
  return length > 0 ? sums.map((value) => value / length) : sums;
}
