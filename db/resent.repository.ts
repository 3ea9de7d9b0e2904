import type { ResentPlaceholder } from '../workflows/contract/chat-port.ts';
import type { ChatAddress, Platform } from '../workflows/contract/request.ts';
import type { Database } from './orm.ts';
import { sqlArray } from './sql-array.ts';

/** Placeholders that were sent again after an unknown outcome: the tries before may have left strays in the chat. */
export interface Resent {
  /** Those of one place that have stood for so long and were not looked after, the oldest first; null where there are none. */
  next(standingForMs: number): Promise<ResentInPlace | null>;
  /** They are not looked after again. */
  markSwept(place: ResentInPlace): Promise<void>;
}

export interface ResentInPlace {
  readonly address: ChatAddress;
  /** At least one. */
  readonly rows: readonly (ResentPlaceholder & { readonly id: string })[];
}

/** Tried within so short a time that one look into the chat finds what is left of all of them. */
const TOGETHER_SECONDS = 300;
const MOST_TOGETHER = 50;
/** Older strays are history that nobody scrolls back to. */
const OLDEST_HOURS = 24;

/** `attempts` counts the sends that were, or may have been, executed. */
const UNSWEPT = `platform = ? and attempts > 1 and swept_at is null and (slot = 'card' or slot like 'file-%')
  and state in ('sent', 'gone') and message_id is not null
  and first_try_at > now() - interval '${String(OLDEST_HOURS)} hours' and updated_at < now() - make_interval(secs => ?)`;

export function createResent(database: Database, platform: Platform): Resent {
  return {
    async next(standingForMs) {
      const rows = await database.use(
        async (em) =>
          await em.execute<Row[]>(
            `with unswept as (select * from delivery where ${UNSWEPT}),
               oldest as (select target, first_try_at from unswept order by first_try_at, id limit 1)
             select id, target, nonce, message_id as "messageId",
               extract(epoch from updated_at - first_try_at)::float8 as "triedForSeconds"
             from unswept where target = (select target from oldest)
               and first_try_at <= (select first_try_at from oldest) + interval '${String(TOGETHER_SECONDS)} seconds'
             order by first_try_at, id limit ${String(MOST_TOGETHER)}`,
            [platform, standingForMs / 1000],
          ),
      );
      const [first] = rows;
      if (first === undefined) return null;
      return { address: first.target, rows: rows };
    },

    async markSwept({ rows }) {
      await database.use(async (em) => {
        await em.execute('update delivery set swept_at = now() where id = any(?::uuid[])', [
          sqlArray(rows.map(({ id }) => id)),
        ]);
      });
    },
  };
}

interface Row extends ResentPlaceholder {
  readonly id: string;
  readonly target: ChatAddress;
}
