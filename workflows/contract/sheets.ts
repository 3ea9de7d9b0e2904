/** Sheets: what is written down of a song, beside its stems. Each is made once for a song, a version of our code and what was said of the song. */
import type { SectionSpan, SongAnalysis, SongFacts, SongRhythm } from './analysis.ts';
import type { StoredBlob } from './recording.ts';
import type { DeliveredFile, SongTitle } from './stems.ts';

export interface AnalysisPlan {
  readonly kind: 'analysis';
  /** Of the code that analyses: what an older one found is found anew. */
  readonly version: number;
}

export type SheetPlan = AnalysisPlan;

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
}

/** A sheet as it was made: what is said of it, and where it lies. */
export interface MadeAnalysis {
  readonly summary: AnalysisSummary;
  readonly blobs: {
    /** A `SongAnalysis` as JSON. */
    readonly analysis: StoredBlob;
    readonly picture: StoredBlob;
  };
}

export type MadeSheet = MadeAnalysis;

export interface AnalysisResult {
  readonly kind: 'analysis';
  readonly recording: SongTitle;
  /** What was said of the song, now and before. */
  readonly facts: SongFacts;
  readonly summary: AnalysisSummary;
  readonly files: readonly DeliveredFile[];
  /** From the request's acceptance to the last file, by the wall clock of the control worker. */
  readonly seconds: number;
}

export type SheetResult = AnalysisResult;

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
