import type { FailureReport } from './failure.ts';
import type { JobOutcome } from './job.ts';
import type { DecodedRecording, StoredSource } from './recording.ts';
import type { JobRequest, StemFormat } from './request.ts';
import type { DeliveredFile, FinishedStems, SeparationPlan, SeparationResult } from './stems.ts';

export interface OpenedJob {
  readonly jobId: string;
  readonly plan: SeparationPlan;
}

/** A job that cannot be planned (unknown strategy) still has a row and a card that says why. */
export interface UnplannedJob {
  readonly jobId: string;
  readonly plan: null;
  readonly refusal: FailureReport;
}

/** Queue `control`: rows, links, providers. */
export interface ControlActivities {
  /** Creates the job's row, or returns the one that this request already has, and plans it. */
  openJob(input: { readonly request: JobRequest; readonly workflowId: string }): Promise<OpenedJob | UnplannedJob>;
  /** Downloads a direct link, or a switched-on site's, into the blob store. */
  fetchLink(input: { readonly jobId: string; readonly url: string }): Promise<StoredSource>;
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
    readonly recording: DecodedRecording;
    readonly finished: FinishedStems;
    readonly files: readonly DeliveredFile[];
  }): Promise<SeparationResult>;
  /** The job's final state; a second call with another outcome changes nothing. */
  endJob(input: { readonly jobId: string; readonly outcome: JobOutcome }): Promise<void>;
  /** Deletes what is past its keeping time. Returns how many blobs went. */
  sweepExpired(): Promise<{ readonly deleted: number }>;
}
