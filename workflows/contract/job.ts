/**
 * Glossary, the same words in chat, contract, tables and logs:
 * - *band*: the tenant; a group of members whose chats share one library.
 * - *surface*: one place in a chat where Woodshed posts (platform + chat + thread).
 * - *job*: one accepted request and all that comes of it; has one *card* per surface, a message that is edited.
 * - *recording*: the audio a musician handed over, known by the SHA-256 of its bytes; *song* is the musician's word for it.
 * - *canonical PCM*: the recording decoded once, at its own rate and channels, on the 24-bit grid.
 * - *stem*: one part of a recording; *residual*: what no stem carries, so that stems + residual give the mix.
 * - *strategy*: a named tree of separators; *separator*: a model or a weight-free method with fixed output *slots*.
 * - *sheet*: something written down of a recording (its analysis, a chord chart, its words, a tab), beside stems.
 * - *fact*: what a member says of a song, such as its key; it stands above what was found.
 * - *window*: what a network sees at once; *chunk*: the windows that are computed and checkpointed together.
 */
import type { FailureReport } from './failure.ts';
import type { JobCommand } from './request.ts';
import type { SheetPlan, SheetResult } from './sheets.ts';
import type { SeparationPlan, SeparationResult } from './stems.ts';

export type JobState = 'queued' | 'running' | 'done' | 'refused' | 'failed' | 'cancelled';

/** In the order in which jobs go through them; no job has all. */
export const JOB_STAGES = ['receive', 'read', 'separate', 'measure', 'listen', 'write', 'encode', 'deliver'] as const;
export type JobStage = (typeof JOB_STAGES)[number];

/** The stages of a job, in the order a musician sees them on the card. */
export const STAGES_OF: Readonly<Record<JobCommand['kind'], readonly JobStage[]>> = {
  split: ['receive', 'read', 'separate', 'measure', 'encode', 'deliver'],
  analyze: ['receive', 'read', 'listen', 'deliver'],
  chords: ['receive', 'read', 'listen', 'write', 'deliver'],
  lyrics: ['receive', 'read', 'separate', 'measure', 'listen', 'write', 'deliver'],
  tab: ['receive', 'read', 'separate', 'measure', 'listen', 'write', 'deliver'],
};

/** How a job is to be done; told apart by `kind`, which plans for stems leave out. */
export type JobPlan = SeparationPlan | SheetPlan;
/** What comes of a job; told apart by `kind`, which stems leave out. */
export type JobResult = SeparationResult | SheetResult;

export function isStemPlan(plan: JobPlan): plan is SeparationPlan {
  return plan.kind === undefined || plan.kind === 'stems';
}

export function isStemResult(result: JobResult): result is SeparationResult {
  return result.kind === undefined || result.kind === 'stems';
}

export function isFinished(state: JobState): boolean {
  return state === 'done' || state === 'refused' || state === 'failed' || state === 'cancelled';
}

/** Written by whoever does the work; lands in the job's row, never in workflow history. */
export interface ProgressReport {
  readonly jobId: string;
  readonly stage: JobStage;
  /** 0 to 1 within the stage. */
  readonly fraction: number;
  /** One short line for the card's log; omitted when only the fraction moved. */
  readonly line?: string;
}

export type ReportProgress = (report: ProgressReport) => Promise<void>;

export type JobOutcome =
  | { readonly state: 'done'; readonly result: JobResult; readonly reused: boolean }
  | { readonly state: 'refused'; readonly failure: FailureReport }
  | { readonly state: 'failed'; readonly failure: FailureReport }
  | { readonly state: 'cancelled' };
