/** A song's chords as they are written down: in bars and blocks, for whoever writes them to a file. */
import type { SectionSpan, SongKey, TimeSignature } from '../../workflows/contract/analysis.ts';
import type { ChartDetail } from '../../workflows/contract/chart.ts';
import type { NamedKey } from '../../workflows/contract/scales.ts';

/** Of what sounds nothing is a chord. */
export const NO_CHORD = 'N.C.';

export interface ChartChord {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** As it is gripped: behind the capo. */
  readonly name: string;
  /** As it sounds, in Harte's grammar. */
  readonly label: string;
  /** Null where there is no chord, or no key. */
  readonly numeral: string | null;
  readonly confidence: number;
}

export interface BarChord {
  /** Counted from 0 within its bar. */
  readonly beat: number;
  readonly name: string;
}

export interface ChartBar {
  /** From 1; a pickup is 0. */
  readonly number: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly beats: number;
  /** The first is at its first beat, whether or not it sounded before. */
  readonly chords: readonly BarChord[];
}

export interface KeyChange {
  /** As it sounds. */
  readonly key: NamedKey;
  /** As it is gripped behind the capo. */
  readonly playedIn: NamedKey;
  readonly atSeconds: number;
}

/** Up to four bars beside each other, played so many times. */
export interface ChartLine {
  readonly bars: readonly ChartBar[];
  readonly times: number;
  /** With its first bar. */
  readonly keyChange: KeyChange | null;
}

export interface ChartBlock {
  readonly title: string;
  readonly name: SectionSpan['name'];
  readonly letter: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly scale: string | null;
  readonly numerals: string;
  /** Every bar of it, in time; none where the song has no beat. */
  readonly bars: readonly ChartBar[];
  /** The same, without what is repeated. */
  readonly lines: readonly ChartLine[];
  /** All lines are played so many times. */
  readonly times: number;
  /** The title of an earlier block with the very same bars; null where there is none. */
  readonly sameAs: string | null;
  /** Those that begin in it, and what goes on from before. */
  readonly chords: readonly ChartChord[];
  readonly keyChanges: readonly KeyChange[];
}

export interface Chart {
  readonly title: string;
  /** That the song begins in, as it sounds; those after it are {@link keyChanges}. */
  readonly key: SongKey | null;
  readonly playedIn: NamedKey | null;
  /** Fret; 0 for none. */
  readonly capo: number;
  readonly transpose: number;
  readonly detail: ChartDetail;
  readonly easiestCapo: number | null;
  /** Null where no beat was found: then there are no bars. */
  readonly tempoBpm: number | null;
  readonly timeSignature: TimeSignature | null;
  /** True where what sounds is hardly of clear pitch. */
  readonly isGuess: boolean;
  readonly blocks: readonly ChartBlock[];
  /** They tile the song. */
  readonly chords: readonly ChartChord[];
  readonly keyChanges: readonly KeyChange[];
}

/** False: there is nothing to play from. */
export function hasChords({ chords }: Pick<Chart, 'chords'>): boolean {
  return chords.some(({ name }) => name !== NO_CHORD);
}
