/**
 * Turns: a house of one asker works on so many of their jobs at once. Several share them evenly, everybody has one at least, and what is
 * more waits in the order in which it was asked for.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { WaitingJobs } from './link-waits.repository.ts';
import { JOB_CHANNEL, TURN_CHANNEL, notify } from './notify.ts';
import type { Database } from './orm.ts';

/** A job that has not moved for so long is nobody's any more: a workflow that was ended by hand holds up no other. */
const LONGEST_REST_HOURS = 24;

/** Jobs that have a turn or wait for one, by member. */
const ASKERS = `askers as (
  select asker.member_id,
    count(*) filter (where job.turn = 'now' and job.updated_at > now() - interval '${String(LONGEST_REST_HOURS)} hours') as under_way,
    count(*) filter (where job.turn = 'later') as waiting
  from job join chat_identity asker on asker.id = job.requester_id where job.turn is not null group by 1)`;

/** Jobs that wait and whose turn has come. */
export function createTurns(database: Database, sharedTurns: number): WaitingJobs {
  return {
    async released(limit) {
      return await database.use(
        async (em) =>
          await em.execute(
            `with ${ASKERS}, share as (
               select greatest(1, ? / count(*)) as turns from askers where under_way + waiting > 0)
             select id as "jobId", workflow_id as "workflowId" from (
               select job.id, job.workflow_id, job.created_at, under_way,
                 row_number() over (partition by member_id order by job.created_at, job.id) as place
               from job join chat_identity asker on asker.id = job.requester_id join askers using (member_id)
               where job.turn = 'later') waiting, share
             where under_way + place <= share.turns order by place, created_at limit ?`,
            [sharedTurns, limit],
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
  sharedTurns: number,
): Promise<'now' | 'later'> {
  const [taken] = await em.execute<{ turn: 'now' | 'later' }[]>(
    `with ${ASKERS}, share as (
       select greatest(1, ? / (1 + count(*))) as turns from askers where under_way + waiting > 0 and member_id <> ?)
     update job set turn = case when coalesce(under_way >= share.turns or waiting > 0, false) then 'later' else 'now' end
     from share left join askers on askers.member_id = ? where job.id = ? returning turn`,
    [sharedTurns, memberId, memberId, jobId],
  );
  if (taken === undefined) throw new Error(`no job ${jobId}`);
  // Whoever had a turn may have ended after it was counted here, and was looked after before this job could be seen.
  if (taken.turn === 'later') await notify(em, TURN_CHANNEL);
  return taken.turn;
}
