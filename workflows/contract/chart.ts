/** Chord charts: what a song's chords look like to somebody who plays along. */
import type { ChordSpan, SongKey, Tonic } from './analysis.ts';

export const CHART_DETAILS = ['simple', 'detailed'] as const;
/** `simple` is major, minor, diminished and power chords; `detailed` keeps sevenths, suspensions and basses. */
export type ChartDetail = (typeof CHART_DETAILS)[number];

export interface ChartOptions {
  /** Fret of the capo, 0 to 11: shapes are written as they are gripped behind it. Null: what suits an open-string player best is told, none is used. */
  readonly capo: number | null;
  /** Semitones that the whole song is moved, -11 to 11. */
  readonly transpose: number;
  readonly detail: ChartDetail;
}

/** What a card says of a chart. */
export interface ChartSummary {
  /** That the song begins in, as it sounds once transposed. */
  readonly key: SongKey | null;
  /** The key of the shapes as they are gripped behind the capo; without one it is that of {@link key}. */
  readonly playedIn: Pick<SongKey, 'tonic' | 'mode'> | null;
  readonly capo: number;
  readonly transpose: number;
  readonly detail: ChartDetail;
  /** The fret, 1 to 7, with which chords are open shapes for the longest time, where that is longer than with no capo. */
  readonly easiestCapo: number | null;
  readonly sections: readonly ChartSection[];
  /** Where the key changes for eight bars or more. */
  readonly modulations: readonly {
    readonly atSeconds: number;
    readonly tonic: Tonic;
    readonly mode: 'major' | 'minor';
  }[];
  /** The chart's first lines, as plain text. */
  readonly opening: string;
}

export interface ChartSection {
  readonly title: string;
  readonly startSeconds: number;
  /** As it sounds, such as `A natural minor`; null where it has no key. */
  readonly scale: string | null;
  /** Roman numerals of its first bars, such as `I V vi IV`; empty where there is no key. */
  readonly numerals: string;
}

/** `chords.json`, as it is handed over: everything as it is written, capo and transposition included. */
export interface ChordsDocument extends Omit<ChartSummary, 'opening'> {
  readonly title: string;
  readonly tempoBpm: number | null;
  /** Names as on the chart, such as `Am7` or `N.C.`, beside labels of what sounds in Harte's grammar, and Roman numerals. They tile the song. */
  readonly chords: readonly (ChordSpan & {
    readonly name: string;
    /** Null where there is no chord or no key. */ readonly numeral: string | null;
  })[];
}
