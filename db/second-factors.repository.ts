import type { Database } from './orm.ts';
import { SecondFactor } from './second-factor.entity.ts';

export interface SecondFactors {
  find(memberId: string): Promise<{ readonly sealed: string; readonly isConfirmed: boolean } | null>;
  /** Begins to set one up; a confirmed one stays. */
  begin(memberId: string, sealed: string): Promise<void>;
  /**
   * Judges a code under a lock. `stepOf` says to which step of time the typed code belongs, null for none; a step counts once.
   * After {@link MOST_WRONG_FACTORS} wrong ones in a quarter of an hour none is looked at.
   */
  check(memberId: string, stepOf: (sealed: string) => number | null): Promise<'right' | 'wrong' | 'too-many'>;
  /** Up to `limit` secrets that do not begin with `prefix` are sealed anew. Returns how many were. */
  resealOthers(
    prefix: string,
    limit: number,
    reseal: (row: { readonly memberId: string; readonly sealed: string }) => string,
  ): Promise<number>;
}

export const MOST_WRONG_FACTORS = 5;
const WRONG_MINUTES = 15;

export function createSecondFactors(database: Database): SecondFactors {
  return {
    async find(memberId) {
      return await database.use(async (em) => {
        const row = await em.findOne(SecondFactor, { member: memberId });
        return row === null ? null : { sealed: row.sealed, isConfirmed: row.confirmedAt != null };
      });
    },

    async begin(memberId, sealed) {
      await database.use(async (em) => {
        await em.execute(
          `insert into second_factor (member_id, sealed) values (?, ?)
           on conflict (member_id) do update set sealed = excluded.sealed where second_factor.confirmed_at is null`,
          [memberId, sealed],
        );
      });
    },

    async check(memberId, stepOf) {
      return await database.transaction(async (em) => {
        const [row] = await em.execute<{ sealed: string; last: string; tries: number }[]>(
          `select sealed, last_step as last,
             case when wrong_since > now() - make_interval(mins => ?) then wrong_tries else 0 end as tries
           from second_factor where member_id = ? for update`,
          [WRONG_MINUTES, memberId],
        );
        if (row === undefined) return 'wrong';
        if (row.tries >= MOST_WRONG_FACTORS) return 'too-many';
        const step = stepOf(row.sealed);
        if (step === null || step <= Number(row.last)) {
          await em.execute(
            `update second_factor set wrong_tries = ?, wrong_since = case when ? = 1 then now() else wrong_since end
             where member_id = ?`,
            [row.tries + 1, row.tries + 1, memberId],
          );
          return 'wrong';
        }
        await em.execute(
          `update second_factor set last_step = ?, wrong_tries = 0, confirmed_at = coalesce(confirmed_at, now())
           where member_id = ?`,
          [step, memberId],
        );
        return 'right';
      });
    },

    async resealOthers(prefix, limit, reseal) {
      return await database.transaction(async (em) => {
        const rows = await em.execute<{ memberId: string; sealed: string }[]>(
          `select member_id as "memberId", sealed from second_factor where not starts_with(sealed, ?)
           limit ? for update skip locked`,
          [prefix, limit],
        );
        for (const row of rows) {
          await em.execute('update second_factor set sealed = ? where member_id = ?', [reseal(row), row.memberId]);
        }
        return rows.length;
      });
    },
  };
}
