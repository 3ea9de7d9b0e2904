/** What a job that waits may expect. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Quality } from '../workflows/contract/request.ts';

/** Jobs of which the pace of the next one is guessed. */
const LAST_JOBS = 20;
/** Among which those of one kind are looked for. */
const LAST_SHEETS = 200;

/** Unfinished jobs, accepted before this one, that still need the compute queue; those that wait for their turn come after it. */
export async function queuePlace(em: EntityManager, id: string): Promise<number> {
  const rows = await em.execute<{ place: number }[]>(
    `select count(*)::int as place from job other, job mine
     where mine.id = ? and other.state in ('queued', 'running') and (other.created_at, other.id) < (mine.created_at, mine.id)
       and other.turn is distinct from 'later' and coalesce(other.awaits_link, 'work') = 'work'
       and coalesce(other.stage, 'receive') not in ('write', 'encode', 'deliver')`,
    [id],
  );
  return rows[0]?.place ?? 0;
}

export type KindOfWork =
  | { readonly kind: 'split'; readonly strategy: string; readonly quality: Quality }
  | { readonly kind: 'analyze' | 'chords' };

/**
 * From the first window to the end, by the median pace of the last jobs of this kind; null while there are none. While a result waits for its
 * asker's link nothing is worked on.
 */
export async function estimateSeconds(
  em: EntityManager,
  { work, audioSeconds }: { readonly work: KindOfWork; readonly audioSeconds: number },
): Promise<number | null> {
  const { rows, values } = rowsOf(work);
  const [found] = await em.execute<{ pace: number | null }[]>(
    `select percentile_cont(0.5) within group (order by pace) as pace from (
       select extract(epoch from coalesce(resting_at, ended_at) - separating_at)::float8 / audio_seconds as pace from ${rows}
         and separating_at is not null and audio_seconds > 0
       order by ended_at desc limit ?) as last_jobs`,
    [...values, LAST_JOBS],
  );
  const pace = found?.pace ?? null;
  return pace === null ? null : pace * audioSeconds;
}

function rowsOf(work: KindOfWork): { readonly rows: string; readonly values: readonly string[] } {
  if (work.kind === 'split') {
    return {
      rows: `job where strategy = ? and quality = ? and state = 'done'`,
      values: [work.strategy, work.quality],
    };
  }
  return {
    rows: `(select * from job where strategy is null and quality is null and state = 'done'
       order by ended_at desc limit ${String(LAST_SHEETS)}) as sheets where plan ->> 'kind' = ?`,
    values: [work.kind === 'analyze' ? 'analysis' : work.kind],
  };
}
