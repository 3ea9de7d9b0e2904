import type { InferEntity } from '@mikro-orm/postgresql';
import type { JobView } from '../workflows/contract/job-view.ts';
import type { Job } from './job.entity.ts';

/** `job.recording` must be loaded. */
export function toJobView(job: InferEntity<typeof Job>): JobView {
  const { id, code, workflowId, request, audioSeconds, state, stage, fraction, log, version } = job;
  return {
    id,
    code,
    workflowId,
    bandId: job.band.id,
    request,
    title: job.recording?.title ?? null,
    recordingId: job.recording?.id ?? null,
    audioSeconds,
    state,
    stage,
    fraction,
    log,
    version,
    outcome: job.outcome,
    awaitsTurn: job.turn === 'later',
    awaitsLink: job.awaitsLink === null ? null : { stage: job.awaitsLink, endsAt: job.linkEndsAt },
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
  };
}
