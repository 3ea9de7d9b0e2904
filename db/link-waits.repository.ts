/** Jobs whose result waits until whoever asked has linked their chat account. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { LinkPolicy, LinkStage } from '../workflows/contract/linking.ts';
import type { Requester } from '../workflows/contract/request.ts';
import { JOB_CHANNEL, TURN_CHANNEL, notify } from './notify.ts';
import type { Database } from './orm.ts';

/** Jobs whose workflow is to be told that what it waits for has come. */
export interface WaitingJobs {
  /** Jobs that are noted as waiting and need not any more, the oldest first. */
  released(limit: number): Promise<readonly ReleasedJob[]>;
  /** The workflow has been told. */
  settle(jobId: string): Promise<void>;
}

export interface ReleasedJob {
  readonly jobId: string;
  readonly workflowId: string;
}

export interface LinkWaits extends WaitingJobs {
  /** Whether this person has to link their account before they get a result in this band. */
  mustLink(bandId: string, requester: Requester): Promise<boolean>;
  /** Notes how long the job has waited, and that it holds up no other of its asker; or, where the link is there, that it waits for nothing. */
  note(wait: {
    readonly jobId: string;
    readonly stage: LinkStage;
    readonly endsAt: Date | null;
  }): Promise<{ readonly isLinked: boolean }>;
}

export function createLinkWaits(database: Database, policy: LinkPolicy): LinkWaits {
  return {
    async mustLink(bandId, { platform, userId }) {
      return await database.use(async (em) => {
        const [row] = await em.execute<{ must: boolean }[]>(
          `select ${mustLink(policy)} as must from chat_identity asker, band where band.id = ? and platform = ? and user_id = ?`,
          [bandId, platform, userId],
        );
        return row?.must ?? (policy !== 'never' && platform !== 'console');
      });
    },

    async note({ jobId, stage, endsAt }) {
      return await database.transaction(async (em) => {
        const [row] = await em.execute<{ waits: boolean }[]>(
          `with asked as (select ${mustLink(policy)} as must ${OF_JOB} where job.id = ?)
           update job set awaits_link = case when must then ?::text end, link_ends_at = case when must then ?::timestamptz end,
             turn = case when not must then turn end, version = version + 1,
             resting_at = coalesce(resting_at, case when must and ?::text <> 'work' then now() end)
           from asked where job.id = ? and state in ('queued', 'running') returning awaits_link is not null as waits`,
          [jobId, stage, endsAt, stage, jobId],
        );
        if (row !== undefined) {
          await notify(em, JOB_CHANNEL, jobId);
          await notify(em, TURN_CHANNEL);
        }
        return { isLinked: row?.waits !== true };
      });
    },

    async released(limit) {
      return await database.use(
        async (em) =>
          await em.execute<ReleasedJob[]>(
            `select job.id as "jobId", job.workflow_id as "workflowId" ${OF_JOB}
             where job.awaits_link is not null and not ${mustLink(policy)}
             order by job.created_at limit ?`,
            [limit],
          ),
      );
    },

    async settle(jobId) {
      await database.transaction(async (em) => {
        const settled = await em.execute<unknown[]>(
          `update job set awaits_link = null, link_ends_at = null, version = version + 1
           where id = ? and awaits_link is not null returning id`,
          [jobId],
        );
        if (settled.length > 0) await notify(em, JOB_CHANNEL, jobId);
      });
    },
  };
}

/** Notes on a new job that its asker has to link their account, inside the caller's transaction. */
export async function waitForLink(em: EntityManager, jobId: string, policy: LinkPolicy): Promise<void> {
  await em.execute(
    `update job set awaits_link = 'work' from (select ${mustLink(policy)} as must ${OF_JOB} where job.id = ?) asked
     where job.id = ? and must`,
    [jobId, jobId],
  );
}

const OF_JOB = 'from job join chat_identity asker on asker.id = job.requester_id join band on band.id = job.band_id';
const LINKED = (identity: string): string => `(${identity}.linked_at is not null or ${identity}.platform = 'console')`;
const VOUCHED = `case when band.invite_only
  then exists (select from membership where membership.band_id = band.id and membership.member_id = asker.member_id and by_code)
  else exists (select from membership join chat_identity other on other.member_id = membership.member_id
    where membership.band_id = band.id and ${LINKED('other')}) end`;

/** A condition over `asker`, a chat identity, and `band`. */
function mustLink(policy: LinkPolicy): string {
  switch (policy) {
    case 'always':
      return `(not ${LINKED('asker')})`;
    case 'members':
      return `(not ${LINKED('asker')} and not (${VOUCHED}))`;
    case 'never':
      return '(false)';
  }
}
