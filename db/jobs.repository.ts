import { randomUUID } from 'node:crypto';
import { UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import type { EntityManager, FilterQuery, InferEntity } from '@mikro-orm/postgresql';
import type { JobOutcome, JobPlan, JobState, ProgressReport } from '../workflows/contract/job.ts';
import type { LinkPolicy, LinkTerms } from '../workflows/contract/linking.ts';
import type { JobRequest, Platform, Quality } from '../workflows/contract/request.ts';
import { NEW_BAND, resolveIdentity } from './identities.repository.ts';
import type { NewBandOptions } from './identities.repository.ts';
import { newJobCode } from './job-code.ts';
import { Job } from './job.entity.ts';
import { recordProgress } from './job-progress.ts';
import { toJobView } from './job-view.ts';
import type { JobSurface, JobView, Language } from '../workflows/contract/job-view.ts';
import type { FailureReport } from '../workflows/contract/failure.ts';
import { giveBack, reserveJob } from './shares.repository.ts';
import { JOB_CHANNEL, TURN_CHANNEL, notify } from './notify.ts';
import { waitForLink } from './link-waits.repository.ts';
import { takeTurn } from './turns.repository.ts';
import type { Database } from './orm.ts';

export interface Jobs {
  /**
   * Creates the job with all that it belongs to, or returns the one that this workflow has. A job that is planned reserves one of its
   * requester's hour; where that is used up it is made all the same, with the refusal that it will end with. Otherwise it takes its turn.
   */
  open(job: {
    readonly request: JobRequest;
    readonly workflowId: string;
    readonly plan: JobPlan | null;
  }): Promise<OpenedRow>;
  find(id: string): Promise<JobView | null>;
  /** In any case, with or without blanks around it. */
  findByCode(code: string): Promise<JobView | null>;
  findByWorkflow(workflowId: string): Promise<JobView | null>;
  findByInboundEvent(inboundEventId: string): Promise<JobView | null>;
  /** Newest first. */
  list(options: {
    readonly limit: number;
    readonly unfinishedOnly?: boolean;
    readonly bandId?: string;
  }): Promise<readonly JobView[]>;
  /** Where the job has a card: where it was asked for first, then the home of each other chat of its band. */
  surfacesOf(jobId: string): Promise<readonly JobSurface[]>;
  /** A place was found to take less per file; what was less before stays. */
  learnSurface(learned: { readonly surfaceId: string; readonly fileLimitBytes: number }): Promise<void>;
  createdAt(id: string): Promise<Date>;
  /** Never moves a finished job, never goes back a stage or a fraction; what changes nothing is not announced. */
  report(report: ProgressReport): Promise<void>;
  /** The first final state stands; returns the one that does. */
  end(id: string, outcome: JobOutcome): Promise<JobOutcome>;
  /** Unfinished jobs, accepted before this one, that still need the compute queue; those that wait for their turn come after it. */
  queuePlace(id: string): Promise<number>;
  /**
   * Seconds from the first window to the end, by the median speed of the last 20 jobs that computed with this strategy
   * and quality; null while there are none.
   */
  estimateSeconds(options: {
    readonly strategy: string;
    readonly quality: Quality;
    readonly audioSeconds: number;
  }): Promise<number | null>;
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

const UNFINISHED: JobState[] = ['queued', 'running'];
const CODE_TRIES = 5;
/** Any id that is not a UUID is nobody's, rather than an error of the database. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface JobsOptions extends NewBandOptions {
  readonly nextCode: () => string;
  /** Jobs that a member may begin within an hour; none counts where it is left out. */
  readonly jobsPerMemberAndHour: number;
  /** Jobs of a member that are under way at once; any number where it is left out. */
  readonly turnsPerMember: number;
  /** `never` by default. */
  readonly linking: LinkPolicy;
}

export function createJobs(database: Database, options: Partial<JobsOptions> = {}): Jobs {
  const { nextCode, jobsPerMemberAndHour, turnsPerMember, linking, ...newBand } = {
    ...NEW_BAND,
    nextCode: newJobCode,
    jobsPerMemberAndHour: Number.POSITIVE_INFINITY,
    turnsPerMember: Number.MAX_SAFE_INTEGER,
    linking: 'never' as LinkPolicy,
    ...options,
  };
  async function findOne(where: FilterQuery<InferEntity<typeof Job>>): Promise<JobView | null> {
    return await database.use(async (em) => {
      const job = await em.findOne(Job, where, { populate: ['recording'] });
      return job === null ? null : toJobView(job);
    });
  }

  return {
    async open({ request, workflowId, plan }) {
      return await withFreeCode(nextCode, async (code) => {
        return await database.transaction(async (em) => {
          const before = await em.findOne(Job, { workflowId }, { populate: ['requester', 'band'] });
          const inserted = before === null ? await insertJob(em, { request, workflowId, plan, code }, newBand) : null;
          if (inserted !== null) {
            if (plan !== null) await waitForLink(em, inserted, linking);
            await notify(em, JOB_CHANNEL, inserted);
          }
          const job = before ?? (await em.findOneOrFail(Job, { workflowId }, { populate: ['requester', 'band'] }));
          const owners = { jobId: job.id, memberId: job.requester.member.id, bandId: job.band.id };
          const { platform } = request.requester;
          const refusal = plan === null ? null : await reserveJob(em, { ...owners, platform }, jobsPerMemberAndHour);
          const isNew = inserted !== null && plan !== null && refusal === null;
          return {
            jobId: job.id,
            code: job.code,
            created: before === null && job.code === code,
            surfaceId: job.surface.id,
            mirrors: (await surfacesOf(em, job.id)).filter(({ isOrigin }) => !isOrigin),
            refusal,
            turn: isNew ? await takeTurn(em, owners, turnsPerMember) : (job.turn ?? 'now'),
            link: job.awaitsLink === null ? null : { keptSeconds: secondsOf(job.band.retentionDays) },
          };
        });
      });
    },

    async find(id) {
      return UUID.test(id) ? await findOne({ id }) : null;
    },
    async findByCode(code) {
      return await findOne({ code: code.trim().toUpperCase() });
    },
    async findByWorkflow(workflowId) {
      return await findOne({ workflowId });
    },
    async findByInboundEvent(inboundEventId) {
      return UUID.test(inboundEventId) ? await findOne({ inboundEvent: inboundEventId }) : null;
    },

    async list({ limit, unfinishedOnly = false, bandId }) {
      return await database.use(async (em) => {
        const jobs = await em.find(
          Job,
          { ...(unfinishedOnly ? { state: UNFINISHED } : {}), ...(bandId === undefined ? {} : { band: bandId }) },
          { orderBy: { createdAt: 'desc', id: 'desc' }, limit, populate: ['recording'] },
        );
        return jobs.map(toJobView);
      });
    },

    async surfacesOf(jobId) {
      return UUID.test(jobId) ? await database.use(async (em) => await surfacesOf(em, jobId)) : [];
    },

    async learnSurface({ surfaceId, fileLimitBytes }) {
      await database.use(async (em) => {
        await em.execute(
          'update surface set file_limit_bytes = least(?::float8, coalesce(file_limit_bytes, ?::float8)) where id = ?',
          [fileLimitBytes, fileLimitBytes, surfaceId],
        );
      });
    },

    async createdAt(id) {
      return await database.use(
        async (em) => (await em.findOneOrFail(Job, { id }, { fields: ['createdAt'] })).createdAt,
      );
    },

    async report(report) {
      await database.use(async (em) => {
        await recordProgress(em, report);
      });
    },

    async end(id, outcome) {
      return await database.transaction(async (em) => {
        const ended = await em.execute<unknown[]>(
          `update job set state = ?, outcome = ?, ended_at = now(), turn = null, awaits_link = null, link_ends_at = null, version = version + 1
           where id = ? and state in ('queued', 'running') returning id`,
          [outcome.state, JSON.stringify(outcome), id],
        );
        if (ended.length > 0) {
          await giveBack(em, id, outcome);
          await notify(em, JOB_CHANNEL, id);
          await notify(em, TURN_CHANNEL);
          return outcome;
        }
        const { outcome: first } = await em.findOneOrFail(Job, { id });
        // Guaranteed by the table's check, unless the row was changed since the update looked at it: it never reopens.
        if (first === null) throw new Error(`job ${id} is neither open nor ended`);
        return first;
      });
    },

    async queuePlace(id) {
      return await database.use(async (em) => {
        const rows = await em.execute<{ place: number }[]>(
          `select count(*)::int as place from job other, job mine
           where mine.id = ? and other.state in ('queued', 'running') and (other.created_at, other.id) < (mine.created_at, mine.id)
             and other.turn is distinct from 'later' and coalesce(other.stage, 'receive') not in ('write', 'encode', 'deliver')`,
          [id],
        );
        return rows[0]?.place ?? 0;
      });
    },

    async estimateSeconds({ strategy, quality, audioSeconds }) {
      return await database.use(async (em) => {
        const rows = await em.execute<{ pace: number | null }[]>(
          `select percentile_cont(0.5) within group (order by pace) as pace from (
             select extract(epoch from ended_at - separating_at)::float8 / audio_seconds as pace from job
             where strategy = ? and quality = ? and state = 'done' and separating_at is not null and audio_seconds > 0
             order by ended_at desc limit 20) as last_jobs`,
          [strategy, quality],
        );
        const pace = rows[0]?.pace ?? null;
        return pace === null ? null : pace * audioSeconds;
      });
    },
  };
}

async function surfacesOf(em: EntityManager, jobId: string): Promise<readonly JobSurface[]> {
  const rows = await em.execute<SurfaceRow[]>(
    `select surface.id, surface.platform, surface.bot_id as "botId", surface.chat_id as "chatId", surface.thread_id as "threadId",
       surface.file_limit_bytes as "limit", band.language, surface.id = origin.id as "isOrigin"
     from job join surface origin on origin.id = job.surface_id join band on band.id = job.band_id
     join surface on surface.id = origin.id
       or (surface.band_id = job.band_id and surface.is_home and origin.band_id = job.band_id
         and (surface.platform, surface.bot_id, surface.chat_id) <> (origin.platform, origin.bot_id, origin.chat_id))
     where job.id = ? order by surface.id <> origin.id, surface.created_at`,
    [jobId],
  );
  return rows.map(({ id, platform, botId, chatId, threadId, limit, language, isOrigin }) => ({
    surfaceId: id,
    platform,
    address: { platform, botId, chatId, threadId: threadId === '' ? null : threadId },
    isOrigin,
    language: language ?? 'en',
    learnedFileLimitBytes: limit,
  }));
}

interface SurfaceRow {
  readonly id: string;
  readonly platform: Platform;
  readonly botId: string;
  readonly chatId: string;
  readonly threadId: string;
  readonly limit: number | null;
  readonly language: Language | null;
  readonly isOrigin: boolean;
}

/** Announced, since the card shows the title and the estimate from then on. */
export async function attachRecording(
  em: EntityManager,
  jobId: string,
  recordingId: string,
  audioSeconds: number,
): Promise<void> {
  const changed = await em.execute<unknown[]>(
    `update job set recording_id = ?, audio_seconds = ?, version = version + 1
     where id = ? and (recording_id is distinct from ? or audio_seconds is distinct from ?) returning id`,
    [recordingId, audioSeconds, jobId, recordingId, audioSeconds],
  );
  if (changed.length > 0) await notify(em, JOB_CHANNEL, jobId);
}

async function insertJob(
  em: EntityManager,
  job: { request: JobRequest; workflowId: string; plan: JobPlan | null; code: string },
  newBand: NewBandOptions,
): Promise<string | null> {
  const { request, workflowId, plan, code } = job;
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
