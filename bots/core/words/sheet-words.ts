import type { ChartDetail } from '../../../workflows/contract/chart.ts';
import type { TabLevel, TabPart } from '../../../workflows/contract/tab.ts';

type Shown = string | number;

/** What is said of chord charts, words and tabs, in one language. Figures arrive as they are shown. */
export interface SheetWords {
  readonly chords: ChartWords;
  readonly lyrics: LyricsWords;
  readonly tab: TabWords;
}

export interface ChartWords {
  /** In lists and below a card's title. */
  readonly title: string;
  readonly details: Readonly<Record<ChartDetail, string>>;
  up(semitones: Shown): string;
  down(semitones: Shown): string;
  /** Names on the chart are what is gripped behind it. */
  capo(fret: Shown): string;
  /** Behind that: the key of those shapes. */
  shapesIn(key: Shown): string;
  easiest(fret: Shown): string;
  /** On a button: at most 20 characters. */
  capoOn(fret: Shown): string;
  modulations(keys: Shown): string;
  readonly noChords: string;
}

export interface LyricsWords {
  readonly title: string;
  language(name: Shown): string;
  /** Heard, and how sure that is. */
  heard(words: Shown): string;
  /** A member's own words, whose times were found. */
  given(words: Shown): string;
  readonly nobodySings: string;
}

export interface TabWords {
  readonly title: string;
  readonly parts: Readonly<Record<TabPart, string>>;
  readonly levels: Readonly<Record<TabLevel, string>>;
  /** What it is played on. */
  readonly guitar: string;
  readonly bass: string;
  capo(fret: Shown): string;
  frets(highest: Shown): string;
  instrument(what: Shown): string;
  length(bars: Shown, notes: Shown): string;
  hand(stretchFrets: Shown, shiftsPerBar: Shown): string;
  dropped(notes: Shown): string;
  readonly faint: string;
  readonly freeTime: string;
  readonly alone: string;
  readonly noNotes: string;
}
