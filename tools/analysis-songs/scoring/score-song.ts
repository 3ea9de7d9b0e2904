/** One song's analysis against what is known of it. The measures are those of mir_eval. */
import type { SongTruth } from '../truth.ts';
import { beatFMeasure } from './beat-f-measure.ts';
import { chordOverlap } from './chord-overlap.ts';
import type { LabelledSpan } from './chord-overlap.ts';
import { keyScore } from './key-score.ts';
import type { NamedKey } from './key-score.ts';

/** What is missing scores 0. */
export interface SongEstimate {
  readonly tempoBpm?: number | null;
  readonly beatsSeconds?: readonly number[];
  readonly downbeatsSeconds?: readonly number[];
  readonly timeSignature?: { readonly beatsPerBar: number } | null;
  readonly key?: NamedKey | null;
  readonly chords?: readonly LabelledSpan[];
}

/** Each 0 to 1. */
export interface SongScores {
  readonly tempo: number;
  /** Octaves and thirds of the tempo count too. */
  readonly tempoOrMultiple: number;
  readonly beats: number;
  readonly downbeats: number;
  readonly metre: number;
  readonly key: number;
  readonly chords: number;
}

const TEMPO_TOLERANCE = 0.04;
const MULTIPLES = [1, 2, 1 / 2, 3, 1 / 3];

export function scoreSong(truth: SongTruth, estimate: SongEstimate): SongScores {
  const isTempo = (wantedBpm: number): boolean =>
    Math.abs((estimate.tempoBpm ?? 0) - wantedBpm) <= TEMPO_TOLERANCE * wantedBpm;
  return {
    tempo: Number(isTempo(truth.bpm)),
    tempoOrMultiple: Number(MULTIPLES.some((multiple) => isTempo(truth.bpm * multiple))),
    beats: beatFMeasure(truth.beats, estimate.beatsSeconds ?? []),
    downbeats: beatFMeasure(truth.downbeats, estimate.downbeatsSeconds ?? []),
    metre: Number(estimate.timeSignature?.beatsPerBar === truth.meter),
    key: estimate.key ? keyScore({ tonic: truth.key, mode: truth.mode }, estimate.key) : 0,
    chords: chordOverlap(truthSpans(truth), estimate.chords ?? []),
  };
}

function truthSpans({ chords }: SongTruth): LabelledSpan[] {
  return chords.map(({ start, end, root, quality }) => ({
    startSeconds: start,
    endSeconds: end,
    label: `${root}:${quality}`,
  }));
}
