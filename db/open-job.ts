/** How a job comes to be: once per workflow, with all that it belongs to. */
import { randomUUID } from 'node:crypto';
import { UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FailureReport } from '../workflows/contract/failure.ts';
import type { JobPlan } from '../workflows/contract/job.ts';
import type { LinkPolicy, LinkTerms } from '../workflows/contract/linking.ts';
import { isHeavy } from '../workflows/contract/request.ts';
import type { JobRequest, Platform } from '../workflows/contract/request.ts';
import { NEW_BAND, resolveIdentity } from './identities.repository.ts';
import type { NewBandOptions } from './identities.repository.ts';
import { newJobCode } from './job-code.ts';
import { surfacesOf } from './job-surfaces.ts';
import { Job } from './job.entity.ts';
import { waitForLink } from './link-waits.repository.ts';
import { JOB_CHANNEL, notify } from './notify.ts';
import type { Database } from './orm.ts';
import { reserveJob } from './shares.repository.ts';
import { takeTurn } from './turns.repository.ts';

const CODE_TRIES = 5;

export interface NewJob {
  readonly request: JobRequest;
  readonly workflowId: string;
  readonly plan: JobPlan | null;
}

export interface OpenedRow {
  readonly jobId: string;
  readonly code: string;
  readonly created: boolean;
  readonly surfaceId: string;
  readonly mirrors: readonly { readonly surfaceId: string; readonly platform: Platform }[];
  /** The requester's share is used up. */
  readonly refusal: FailureReport | null;
  /** Null where the requester need not link an account, or has meanwhile. */
  readonly link: LinkTerms | null;
  /** Later: once fewer of its requester's jobs are under way. */
  readonly turn: 'now' | 'later';
}

export interface OpenTerms extends NewBandOptions {
  readonly nextCode: () => string;
  /** Heavy jobs that a member may begin within an hour; none counts where it is left out. */
  readonly jobsPerMemberAndHour: number;
  /** Jobs under way at once, which members share evenly; any number where it is left out. */
  readonly sharedTurns: number;
  /** `never` by default. */
  readonly linking: LinkPolicy;
}

export const OPEN_TERMS: OpenTerms = {
  ...NEW_BAND,
  nextCode: newJobCode,
  jobsPerMemberAndHour: Number.POSITIVE_INFINITY,
  sharedTurns: Number.MAX_SAFE_INTEGER,
  linking: 'never',
};

/**
 * Creates the job with all that it belongs to, or returns the one that this workflow has. A heavy job that is planned reserves one of
 * its requester's hour; where that is used up it is made all the same, with the refusal that it will end with. Otherwise it takes its turn.
 */
export async function openJob(database: Database, job: NewJob, terms: OpenTerms): Promise<OpenedRow> {
  return await withFreeCode(terms.nextCode, async (code) => {
    return await database.transaction(async (em) => await openOnce(em, { ...job, code }, terms));
  });
}

async function openOnce(em: EntityManager, newJob: CodedJob, terms: OpenTerms): Promise<OpenedRow> {
  const { request, workflowId, plan, code } = newJob;
  const before = await em.findOne(Job, { workflowId }, { populate: ['requester', 'band'] });
  const inserted = before === null ? await insertJob(em, newJob, terms) : null;
  if (inserted !== null) {
    if (plan !== null) await waitForLink(em, inserted, terms.linking);
    await notify(em, JOB_CHANNEL, inserted);
  }
  const job = before ?? (await em.findOneOrFail(Job, { workflowId }, { populate: ['requester', 'band'] }));
  const owners = { jobId: job.id, memberId: job.requester.member.id, bandId: job.band.id };
  const { platform } = request.requester;
  const refusal =
    plan !== null && isHeavy(request.command)
      ? await reserveJob(em, { ...owners, platform }, terms.jobsPerMemberAndHour)
      : null;
  const isNew = inserted !== null && plan !== null && refusal === null;
  return {
    jobId: job.id,
    code: job.code,
    created: before === null && job.code === code,
    surfaceId: job.surface.id,
    mirrors: (await surfacesOf(em, job.id)).filter(({ isOrigin }) => !isOrigin),
    refusal,
    turn: isNew ? await takeTurn(em, owners, terms.sharedTurns) : (job.turn ?? 'now'),
    link: job.awaitsLink === null ? null : { keptSeconds: secondsOf(job.band.retentionDays) },
  };
}

type CodedJob = NewJob & { readonly code: string };

async function insertJob(
  em: EntityManager,
  { request, workflowId, plan, code }: CodedJob,
  newBand: NewBandOptions,
): Promise<string | null> {
  const { command } = request;
  const { bandId, identityId, surfaceId } = await resolveIdentity(em, request.address, request.requester, newBand);
  const inserted = await em.execute<{ id: string }[]>(
    `insert into job (id, workflow_id, code, band_id, requester_id, surface_id, inbound_event_id, request, plan, strategy, quality)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (workflow_id) do nothing returning id`,
    [
      randomUUID(),
      workflowId,
      code,
      bandId,
      identityId,
      surfaceId,
      request.inboundEventId,
      JSON.stringify(request),
      plan === null ? null : JSON.stringify(plan),
      command.kind === 'split' ? command.strategy : null,
      command.kind === 'split' ? command.quality : null,
    ],
  );
  return inserted[0]?.id ?? null;
}

async function withFreeCode<T>(nextCode: () => string, work: (code: string) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work(nextCode());
    } catch (error) {
      const taken = error instanceof UniqueConstraintViolationException && error.message.includes('job_code_unique');
      if (!taken || tries === CODE_TRIES) throw error;
    }
  }
}

/** Null for ever. */
function secondsOf(days: number | null): number | null {
  return days === null ? null : days * 24 * 60 * 60;
}
