import type { InferEntity } from '@mikro-orm/postgresql';
import type { JobOutcome, JobStage, JobState } from '../workflows/contract/job.ts';
import type { JobRequest } from '../workflows/contract/request.ts';
import type { SeparationPlan } from '../workflows/contract/stems.ts';
import type { Job } from './job.entity.ts';

/** A job as a card or a list shows it. */
export interface JobView {
  readonly id: string;
  readonly code: string;
  readonly workflowId: string;
  readonly bandId: string;
  readonly request: JobRequest;
  readonly plan: SeparationPlan | null;
  /** Null until the recording is known. */
  readonly title: string | null;
  readonly audioSeconds: number | null;
  readonly state: JobState;
  /** Null until the first report. */
  readonly stage: JobStage | null;
  /** 0 to 1 within the stage. */
  readonly fraction: number;
  readonly log: readonly string[];
  /** Rises with every visible change. */
  readonly version: number;
  readonly outcome: JobOutcome | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** `job.recording` must be loaded. */
export function toJobView(job: InferEntity<typeof Job>): JobView {
  const { id, code, workflowId, request, plan, audioSeconds, state, stage, fraction, log, version } = job;
  return {
    id,
    code,
    workflowId,
    bandId: job.band.id,
    request,
    plan,
    title: job.recording?.title ?? null,
    audioSeconds,
    state,
    stage,
    fraction,
    log,
    version,
    outcome: job.outcome,
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
  };
}
