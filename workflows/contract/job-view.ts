import type { JobOutcome, JobStage, JobState } from './job.ts';
import type { LinkWait } from './linking.ts';
import type { ChatAddress, JobRequest, Platform } from './request.ts';

/** A job as a card or a list shows it. */
export interface JobView {
  readonly id: string;
  /** Short, for people: `/cancel K7QF2M`. */
  readonly code: string;
  readonly workflowId: string;
  readonly bandId: string;
  readonly request: JobRequest;
  readonly title: string | null;
  /** Null until it has been read. */
  readonly recordingId: string | null;
  readonly audioSeconds: number | null;
  readonly state: JobState;
  readonly stage: JobStage | null;
  /** 0 to 1 within the stage. */
  readonly fraction: number;
  readonly log: readonly string[];
  /** Rises with every visible change. */
  readonly version: number;
  readonly outcome: JobOutcome | null;
  /** It begins once earlier jobs of its asker are done. */
  readonly awaitsTurn: boolean;
  /** Null where no link is waited for. */
  readonly awaitsLink: LinkWait | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** A place where a job has a card: where it was asked for, and the home of each other chat that the band has joined. */
export interface JobSurface {
  readonly surfaceId: string;
  readonly platform: Platform;
  readonly address: ChatAddress;
  /** True for the one place where the job was asked for. */
  readonly isOrigin: boolean;
  readonly language: Language;
  /** What this place was found to take at most per file; null where nothing was learned. */
  readonly learnedFileLimitBytes: number | null;
}

export const LANGUAGES = ['en', 'de', 'es'] as const;
/** Of cards and answers. */
export type Language = (typeof LANGUAGES)[number];
