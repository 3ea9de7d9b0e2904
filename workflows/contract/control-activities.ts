import type { FailureCode, FailureReport } from './failure.ts';
import type { FactChanges, SongFacts } from './analysis.ts';
import type { JobOutcome, JobPlan } from './job.ts';
import type { LinkStage, LinkTerms } from './linking.ts';
import type { DecodedRecording, StoredBlob, StoredSource } from './recording.ts';
import type { JobRequest, Platform, SourceReference, StemFormat, StemPick } from './request.ts';
import type { ResultFile, ResultLink } from './delivery.ts';
import type { MadeRendering, WantedRendering } from './rendering.ts';
import type { AnalysisPlan, AnalysisResult, MadeAnalysis, SheetResult, WrittenSheet } from './sheets.ts';
import type { DeliveredFile, FinishedStem, FinishedStems, SeparationPlan, SeparationResult } from './stems.ts';

export interface OpenedJob {
  readonly jobId: string;
  /** Where it was asked for. */
  readonly surfaceId: string;
  /** Homes of the band's other chats. */
  readonly mirrors: readonly { readonly surfaceId: string; readonly platform: Platform }[];
  readonly plan: JobPlan;
  /** Null where nobody has to link an account; left out in histories that are older than linking. */
  readonly link?: LinkTerms | null;
  /** Whether it begins at once, or when `turnCame` is signalled; left out in histories that are older than turns: at once. */
  readonly turn?: 'now' | 'later';
}

/** A job that cannot be planned (unknown strategy), or that the requester's share does not allow, still has a row and a card that says why. */
export interface UnplannedJob {
  readonly jobId: string;
  readonly surfaceId: string;
  readonly plan: null;
  readonly refusal: FailureReport;
}

/** A song by its bytes, or as what an earlier job of the same band was about. */
export type SongReference = { readonly sha256: string } | { readonly earlierJobId: string };

/** Queue `control`: rows, links, providers. */
export interface ControlActivities {
  /** Creates the job's row, or returns the one that this request already has, and plans it. */
  openJob(input: { readonly request: JobRequest; readonly workflowId: string }): Promise<OpenedJob | UnplannedJob>;
  /**
   * Notes how long the job has waited for its asker's link, for its card and for whoever looks for such jobs; says whether the link is there
   * meanwhile, and then notes that nothing is waited for.
   */
  awaitLink(input: {
    readonly jobId: string;
    readonly stage: Exclude<LinkStage, 'work'>;
    /** ISO 8601; null: the result is kept for ever. */
    readonly endsAt: string | null;
  }): Promise<{ readonly isLinked: boolean }>;
  /** Downloads a direct link, or a switched-on site's, into the blob store. */
  fetchLink(input: { readonly jobId: string; readonly url: string }): Promise<StoredSource>;
  /** A song that came by the web: held for this job from now on. Refuses `file-missing` where it is not kept any more. */
  takeUpload(input: {
    readonly jobId: string;
    readonly source: Extract<SourceReference, { kind: 'uploaded' }>;
  }): Promise<StoredSource>;
  /** What an earlier job of the same band was given; refuses `file-missing` where it is not kept any more, or another band's. */
  reuseSource(input: { readonly jobId: string; readonly earlierJobId: string }): Promise<StoredSource>;
  /**
   * Reserves the band's share of audio minutes and bytes before anything is decoded; refuses `quota-minutes` or `quota-bytes`.
   * Given back by `endJob` where nothing was computed or the job failed.
   */
  reserveAudio(input: { readonly jobId: string; readonly seconds: number; readonly bytes: number }): Promise<void>;
  /** Signed links to these files; empty where no web address is configured. */
  makeLinks(input: { readonly jobId: string; readonly files: readonly ResultFile[] }): Promise<readonly ResultLink[]>;
  /** A place was found to take less, or a chat to have moved. */
  learnSurface(input: { readonly surfaceId: string; readonly fileLimitBytes: number }): Promise<void>;
  /** What this band already has of these bytes under this plan, so that nothing is computed twice. */
  findEarlier(input: {
    readonly jobId: string;
    readonly recordingSha256: string;
    readonly planKey: string;
  }): Promise<{ readonly recording: DecodedRecording; readonly finished: FinishedStems } | null>;
  saveRecording(input: {
    readonly jobId: string;
    readonly source: StoredSource;
    readonly recording: DecodedRecording;
  }): Promise<void>;
  /** Rows of stems and artefacts, and `metadata.json`, in one transaction. */
  saveResult(input: {
    readonly jobId: string;
    readonly plan: SeparationPlan;
    readonly format: StemFormat;
    readonly pick: StemPick;
    readonly recording: DecodedRecording;
    readonly finished: FinishedStems;
    readonly mixed: FinishedStem | null;
    readonly files: readonly DeliveredFile[];
  }): Promise<SeparationResult>;
  /** What the band still has of a song, decoded; null otherwise. The job is about it from then on. */
  findSong(input: { readonly jobId: string; readonly song: SongReference }): Promise<DecodedRecording | null>;
  /** Keeps what was said of the job's song, and says what holds now; and what was made of it under that already, if anything. */
  openAnalysis(input: {
    readonly jobId: string;
    readonly plan: AnalysisPlan;
    readonly changes: FactChanges;
  }): Promise<{ readonly facts: SongFacts; readonly earlier: MadeAnalysis | null }>;
  /** The analysis' row and `analysis.json`. */
  saveAnalysis(input: {
    readonly jobId: string;
    readonly plan: AnalysisPlan;
    readonly recording: DecodedRecording;
    readonly facts: SongFacts;
    readonly made: MadeAnalysis;
  }): Promise<AnalysisResult>;
  /** The words of the job's song, a `SongLyrics` as JSON: those that were asked for last. Null where nobody asked for them yet. */
  findLyrics(input: { readonly jobId: string }): Promise<StoredBlob | null>;
  /** Row and files of a sheet that was written. */
  saveSheet(input: {
    readonly jobId: string;
    readonly recording: DecodedRecording;
    readonly facts: SongFacts;
    readonly written: WrittenSheet;
  }): Promise<SheetResult>;
  /** The job's final state, and what is given back of its shares; a second call with another outcome changes nothing. */
  endJob(input: { readonly jobId: string; readonly outcome: JobOutcome }): Promise<void>;
  /** What is to be made; null where that is done, or nobody's any more. */
  openRendering(input: { readonly renderingId: string }): Promise<WantedRendering | null>;
  saveRendering(input: { readonly renderingId: string; readonly made: MadeRendering }): Promise<void>;
  failRendering(input: { readonly renderingId: string; readonly code: FailureCode }): Promise<void>;
  /** Deletes what is past its keeping time. Returns how many blobs went. */
  sweepExpired(): Promise<{ readonly deleted: number }>;
}
