/** Turns: so many jobs of one member are under way at once, the others wait in the order in which they were asked for. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { WaitingJobs } from './link-waits.repository.ts';
import { JOB_CHANNEL, TURN_CHANNEL, notify } from './notify.ts';
import type { Database } from './orm.ts';

/** A job that has not moved for so long is nobody's any more: a workflow that was ended by hand holds up no other. */
const LONGEST_REST_HOURS = 24;

const OF_ASKER = 'from job join chat_identity asker on asker.id = job.requester_id';
const UNDER_WAY = `job.turn = 'now' and job.updated_at > now() - interval '${String(LONGEST_REST_HOURS)} hours'`;

/** Jobs that wait and whose turn has come. */
export function createTurns(database: Database, perMember: number): WaitingJobs {
  return {
    async released(limit) {
      return await database.use(
        async (em) =>
          await em.execute(
            `with under_way as (select asker.member_id, count(*) as jobs ${OF_ASKER} where ${UNDER_WAY} group by 1)
             select id as "jobId", workflow_id as "workflowId" from (
               select job.id, job.workflow_id, job.created_at, coalesce(under_way.jobs, 0) as before,
                 row_number() over (partition by asker.member_id order by job.created_at, job.id) as place
               ${OF_ASKER} left join under_way using (member_id) where job.turn = 'later') waiting
             where before + place <= ? order by place, created_at limit ?`,
            [perMember, limit],
          ),
      );
    },

    async settle(jobId) {
      await database.transaction(async (em) => {
        const settled = await em.execute<unknown[]>(
          `update job set turn = 'now', version = version + 1 where id = ? and turn = 'later' returning id`,
          [jobId],
        );
        if (settled.length > 0) await notify(em, JOB_CHANNEL, jobId);
      });
    },
  };
}

/** Of a new job, inside the caller's transaction, which holds what {@link reserveJob} locks: two jobs at once must not both be the last. */
export async function takeTurn(
  em: EntityManager,
  { jobId, memberId }: { readonly jobId: string; readonly memberId: string },
  perMember: number,
): Promise<'now' | 'later'> {
  const [taken] = await em.execute<{ turn: 'now' | 'later' }[]>(
    `with others as (
       select count(*) filter (where ${UNDER_WAY}) as under_way, count(*) filter (where job.turn = 'later') as waiting
       ${OF_ASKER} where asker.member_id = ? and job.turn is not null)
     update job set turn = case when under_way < ? and waiting = 0 then 'now' else 'later' end
     from others where job.id = ? returning turn`,
    [memberId, perMember, jobId],
  );
  if (taken === undefined) throw new Error(`no job ${jobId}`);
  // Whoever had a turn may have ended after it was counted here, and was looked after before this job could be seen.
  if (taken.turn === 'later') await notify(em, TURN_CHANNEL);
  return taken.turn;
}
