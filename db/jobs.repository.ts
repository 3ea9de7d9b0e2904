import type { FilterQuery, InferEntity } from '@mikro-orm/postgresql';
import type { JobSurface, JobView } from '../workflows/contract/job-view.ts';
import type { JobOutcome, JobState, ProgressReport } from '../workflows/contract/job.ts';
import type { Requester } from '../workflows/contract/request.ts';
import { memberIdOf } from './identities.repository.ts';
import { recordProgress } from './job-progress.ts';
import { learnSurface, surfacesOf } from './job-surfaces.ts';
import { toJobView } from './job-view.ts';
import { Job } from './job.entity.ts';
import { JOB_CHANNEL, TURN_CHANNEL, notify } from './notify.ts';
import { OPEN_TERMS, openJob } from './open-job.ts';
import type { NewJob, OpenTerms, OpenedRow } from './open-job.ts';
import type { Database } from './orm.ts';
import { estimateSeconds, queuePlace } from './queue-outlook.ts';
import type { KindOfWork } from './queue-outlook.ts';
import { giveBack } from './shares.repository.ts';

export interface Jobs {
  /** Creates the job with all that it belongs to, or returns the one that this workflow has. */
  open(job: NewJob): Promise<OpenedRow>;
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
    readonly inboundEventId?: string;
    /** By whichever of this person's linked accounts. */
    readonly askedBy?: Requester;
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
  /** Seconds; null while nothing of this kind was done. */
  estimateSeconds(of: { readonly work: KindOfWork; readonly audioSeconds: number }): Promise<number | null>;
}

const UNFINISHED: JobState[] = ['queued', 'running'];
/** Any id that is not a UUID is nobody's, rather than an error of the database. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createJobs(database: Database, options: Partial<OpenTerms> = {}): Jobs {
  const terms = { ...OPEN_TERMS, ...options };
  async function findOne(where: FilterQuery<InferEntity<typeof Job>>): Promise<JobView | null> {
    return await database.use(async (em) => {
      const job = await em.findOne(Job, where, { populate: ['recording'] });
      return job === null ? null : toJobView(job);
    });
  }

  return {
    async open(job) {
      return await openJob(database, job, terms);
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

    async list({ limit, unfinishedOnly = false, bandId, inboundEventId, askedBy }) {
      return await database.use(async (em) => {
        const jobs = await em.find(
          Job,
          {
            ...(unfinishedOnly ? { state: UNFINISHED } : {}),
            ...(bandId === undefined ? {} : { band: bandId }),
            ...(inboundEventId === undefined ? {} : { inboundEvent: inboundEventId }),
            ...(askedBy === undefined ? {} : { requester: { member: await memberIdOf(em, askedBy) } }),
          },
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
        await learnSurface(em, surfaceId, fileLimitBytes);
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
      return await database.use(async (em) => await queuePlace(em, id));
    },

    async estimateSeconds(of) {
      return await database.use(async (em) => await estimateSeconds(em, of));
    },
  };
}
