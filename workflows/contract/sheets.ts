/** Sheets: what is written down of a song, beside its stems. Each is made once for a song, a version of our code and what was said of the song. */
import type { SectionSpan, SongAnalysis, SongFacts, SongRhythm } from './analysis.ts';
import type { ChartOptions, ChartSummary, ChordsDocument } from './chart.ts';
import type { LyricsDocument, LyricsSummary } from './lyrics.ts';
import type { StoredBlob } from './recording.ts';
import type { Quality } from './request.ts';
import type { DeliveredFile, SeparationPlan, SongTitle } from './stems.ts';
import type { Instrument, TabDocument, TabLevel, TabPart, TabSummary } from './tab.ts';

/** Which networks a song is heard with beside the built-in methods, as ids of models; null: none. */
export interface AnalysisNetworks {
  readonly beats: string | null;
  readonly chords: string | null;
  /** Guesses genre and mood; where it cannot be had the song goes without. */
  readonly style: string | null;
}

export interface AnalysisPlan {
  readonly kind: 'analysis';
  /** Of the code that analyses: what an older one found is found anew. */
  readonly version: number;
  /** Left out where there are none. */
  readonly networks?: AnalysisNetworks;
}

/** Which stem of which strategy is listened to, by name. */
export interface HeardStem {
  readonly strategy: string;
  readonly stem: string;
  readonly quality: Quality;
}

/** For the words of a song, and for each part of a tab. */
export type HeardStems = Readonly<Record<'lyrics' | TabPart, HeardStem>>;

/** Which stem of which separation is listened to. */
export interface StemToHear {
  readonly separation: SeparationPlan;
  readonly stem: string;
}

export interface ChordsPlan {
  readonly kind: 'chords';
  readonly version: number;
  readonly analysis: AnalysisPlan;
  readonly options: ChartOptions;
}

export interface LyricsPlan {
  readonly kind: 'lyrics';
  readonly version: number;
  readonly from: StemToHear;
}

export interface TabPlan {
  readonly kind: 'tab';
  readonly version: number;
  readonly analysis: AnalysisPlan;
  readonly from: StemToHear;
  /** True: the recording is listened to instead of a stem; null: where the stem is all of it. */
  readonly alone: boolean | null;
  readonly part: TabPart;
  readonly level: TabLevel;
  readonly instrument: Instrument;
}

export type SheetPlan = AnalysisPlan | ChordsPlan | LyricsPlan | TabPlan;

/** What a card says of an analysis; all of it lies in the blob store. */
export interface AnalysisSummary extends Omit<SongAnalysis, 'rhythm' | 'chords' | 'sections'> {
  readonly rhythm: RhythmSummary | null;
  /** Labels of the chords that sound longest, in that order; 8 at most. */
  readonly chords: readonly string[];
  /** The first 24. */
  readonly sections: readonly Omit<SectionSpan, 'endSeconds'>[];
}

export interface RhythmSummary extends Pick<SongRhythm, 'tempoBpm' | 'confidence' | 'timeSignature' | 'swing'> {
  readonly slowestBpm: number;
  readonly fastestBpm: number;
  /** The beat after the first downbeat, where beat 1 may be instead; null, or left out in older summaries, where there is none. */
  readonly secondBeatSeconds?: number | null;
}

/** A sheet as it was made: what is said of it, and where it lies. */
export interface MadeAnalysis {
  readonly summary: AnalysisSummary;
  readonly blobs: {
    /** A `SongAnalysis` as JSON. */
    readonly analysis: StoredBlob;
    readonly picture: StoredBlob;
    /** What was heard in the sound, and the rhythm in that: kept, so that a correction hears nothing again. Older analyses have none. */
    readonly evidence?: StoredBlob;
    readonly rhythm?: StoredBlob;
    /** What networks say of it. */
    readonly beats?: StoredBlob;
    readonly chords?: StoredBlob;
    readonly style?: StoredBlob;
  };
}

/** What was heard, before it is written down. */
export interface HeardSheet {
  /** JSON: a `SongLyrics`, or an array of `HeardNote`. */
  readonly heard: StoredBlob;
}

/** Files, as they are handed over, and what a card says of them. */
export interface WrittenFiles<Summary> {
  readonly summary: Summary;
  readonly files: readonly DeliveredFile[];
}

export interface MadeChords extends WrittenFiles<ChartSummary> {
  readonly blobs: { readonly analysis: StoredBlob };
}

export interface MadeLyrics extends WrittenFiles<LyricsSummary> {
  readonly blobs: HeardSheet;
}

export interface MadeTab extends WrittenFiles<TabSummary> {
  readonly blobs: HeardSheet & { readonly analysis: StoredBlob };
}

/** What is kept of a sheet, by kind. */
export interface MadeSheets {
  readonly analysis: MadeAnalysis;
  readonly chords: MadeChords;
  readonly lyrics: MadeLyrics;
  readonly tab: MadeTab;
}
export type MadeSheet = MadeSheets[keyof MadeSheets];

/** A sheet beside what it was made by. */
export type WrittenSheet =
  | { readonly kind: 'chords'; readonly plan: ChordsPlan; readonly made: MadeChords }
  | { readonly kind: 'lyrics'; readonly plan: LyricsPlan; readonly given: string | null; readonly made: MadeLyrics }
  | { readonly kind: 'tab'; readonly plan: TabPlan; readonly made: MadeTab };

interface WrittenResult<Kind extends keyof MadeSheets> {
  readonly kind: Kind;
  readonly recording: SongTitle;
  /** What was said of the song, now and before. */
  readonly facts: SongFacts;
  readonly summary: MadeSheets[Kind]['summary'];
  readonly files: readonly DeliveredFile[];
  /** From the request's acceptance to the last file, by the wall clock of the control worker. */
  readonly seconds: number;
}

export type AnalysisResult = WrittenResult<'analysis'>;
export type ChordsResult = WrittenResult<'chords'>;
export type LyricsResult = WrittenResult<'lyrics'>;
export type TabResult = WrittenResult<'tab'>;
export type SheetResult = AnalysisResult | ChordsResult | LyricsResult | TabResult;

/** What is handed over of a song that is analysed, as `analysis.json`: names and units that other programs can rely on. */
export interface AnalysisDocument {
  readonly title: string;
  readonly durationSeconds: number;
  /** Null where there is no beat. */
  readonly tempoBpm: number | null;
  readonly tempoConfidence: number | null;
  readonly tempoCurve: SongRhythm['tempoCurve'];
  readonly beatsSeconds: readonly number[];
  readonly downbeatsSeconds: readonly number[];
  readonly timeSignature: SongRhythm['timeSignature'] | null;
  readonly swing: number | null;
  readonly key: SongAnalysis['key'];
  readonly chords: SongAnalysis['chords'];
  readonly sections: SongAnalysis['sections'];
  readonly tuningCents: number | null;
  readonly loudnessLufs: number | null;
  readonly peakDbtp: number | null;
  readonly loudnessRangeLu: number | null;
  readonly genre: SongAnalysis['genre'];
  readonly mood: SongAnalysis['mood'];
  readonly facts: SongFacts;
}

/** A sheet's own file for programs, the only one that ends in `.json`. */
export type SheetDocument = AnalysisDocument | ChordsDocument | LyricsDocument | TabDocument;
