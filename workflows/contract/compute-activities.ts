import type { SongFacts } from './analysis.ts';
import type { DecodedRecording, PcmBlob } from './recording.ts';
import type { Quality, StemPick } from './request.ts';
import type { AnalysisNetworks, HeardSheet, MadeAnalysis } from './sheets.ts';
import type { FinishedStem, FinishedStems } from './stems.ts';

/** Heartbeat details, sent on progress only. The checkpoint itself lies in the blob store. */
export interface ComputeHeartbeat {
  readonly fraction: number;
  readonly chunk: number;
}

/**
 * Type of the failure that ends an activity whose worker is known to be dead, so that nobody waits for its heartbeat's timeout.
 * Its first detail is the last heartbeat.
 */
export const WORKER_GONE = 'WorkerGone';

/** Share of the whole job's separation that one node stands for; fractions on the card are `from` to `to`. */
export interface ProgressSpan {
  readonly from: number;
  readonly to: number;
}

/** Queue `compute`: one slot per device. */
export interface ComputeActivities {
  /** Runs one separator over working PCM; finished chunks of an earlier attempt are not computed again. */
  separateNode(input: {
    readonly jobId: string;
    readonly separator: string;
    readonly quality: Quality;
    readonly input: PcmBlob;
    readonly progress: ProgressSpan;
  }): Promise<{ readonly slots: Readonly<Record<string, PcmBlob>> }>;
  /** Brings stems to the recording's rate, channels and length; measures them; makes the residual and pictures. */
  finishStems(input: {
    readonly jobId: string;
    readonly recording: DecodedRecording;
    readonly stems: readonly { readonly name: string; readonly pcm: PcmBlob }[];
  }): Promise<FinishedStems>;
  /** One stem of several, or of all but these and the residual, on the 24-bit grid; measured and drawn. Cached by its parts. */
  mixStems(input: {
    readonly jobId: string;
    readonly recording: DecodedRecording;
    readonly finished: FinishedStems;
    readonly pick: Exclude<StemPick, { kind: 'all' }>;
  }): Promise<FinishedStem>;
}

/** Queue `compute` too: what is heard in a song, to be written down. */
export interface ListenActivities {
  /** What a song is made of, and a picture of it. Cached by its samples, the facts and the networks. */
  analyseRecording(input: {
    readonly jobId: string;
    readonly recording: DecodedRecording;
    readonly facts: SongFacts;
    /** Under which its progress is shown; `listen` where it is left out. */
    readonly stage?: 'read' | 'listen';
    readonly networks?: AnalysisNetworks;
  }): Promise<MadeAnalysis>;
  /** Words and their times, or the times of the words that are given. Cached by samples, words and model. */
  hearWords(input: {
    readonly jobId: string;
    readonly pcm: PcmBlob;
    readonly given: string | null;
  }): Promise<HeardSheet>;
  /** Notes of one part. Cached by samples and model. */
  hearNotes(input: { readonly jobId: string; readonly pcm: PcmBlob }): Promise<HeardSheet>;
}
