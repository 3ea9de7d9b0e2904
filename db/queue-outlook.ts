/** What a job that waits may expect. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Quality } from '../workflows/contract/request.ts';

/** Jobs of which the pace of the next one is guessed. */
const LAST_JOBS = 20;

/** Unfinished jobs, accepted before this one, that still need the compute queue; those that wait for their turn come after it. */
export async function queuePlace(em: EntityManager, id: string): Promise<number> {
  const rows = await em.execute<{ place: number }[]>(
    `select count(*)::int as place from job other, job mine
     where mine.id = ? and other.state in ('queued', 'running') and (other.created_at, other.id) < (mine.created_at, mine.id)
       and other.turn is distinct from 'later' and coalesce(other.stage, 'receive') not in ('write', 'encode', 'deliver')`,
    [id],
  );
  return rows[0]?.place ?? 0;
}

export interface KindOfWork {
  readonly strategy: string;
  readonly quality: Quality;
  readonly audioSeconds: number;
}

/** From the first window to the end, by the median pace of the last jobs of this kind; null while there are none. */
export async function estimateSeconds(
  em: EntityManager,
  { strategy, quality, audioSeconds }: KindOfWork,
): Promise<number | null> {
  const rows = await em.execute<{ pace: number | null }[]>(
    `select percentile_cont(0.5) within group (order by pace) as pace from (
       select extract(epoch from ended_at - separating_at)::float8 / audio_seconds as pace from job
       where strategy = ? and quality = ? and state = 'done' and separating_at is not null and audio_seconds > 0
       order by ended_at desc limit ?) as last_jobs`,
    [strategy, quality, LAST_JOBS],
  );
  const pace = rows[0]?.pace ?? null;
  return pace === null ? null : pace * audioSeconds;
}
