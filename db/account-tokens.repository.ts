/** Sealed tokens of members' accounts: read, replaced under a lock of their row, erased, and sealed anew when a key is replaced. */
import { noteAudit } from './audit.repository.ts';
import { LinkedAccount } from './linked-account.entity.ts';
import type { AccountProvider } from './linked-account.entity.ts';
import type { Database } from './orm.ts';
import { sqlArray } from './sql-array.ts';

export interface TokenRow {
  readonly id: string;
  readonly memberId: string;
  readonly provider: AccountProvider;
  readonly sealed: string;
  readonly expiresAt: Date | null;
}

/** What becomes of a row's tokens. */
export type TokenChange =
  | { readonly kind: 'keep' }
  | { readonly kind: 'replace'; readonly sealed: string; readonly expiresAt: Date | null }
  /** The provider takes them no more. */
  | { readonly kind: 'relink' };

export interface AccountTokens {
  /** Consumes nothing and locks nothing. Null: no such account, or no tokens. */
  read(accountId: string): Promise<TokenRow | null>;
  /**
   * Looks at the row while nobody else can change it, and has written what becomes of it when it returns. `work` may run again when the
   * database's connection is lost.
   */
  change<T>(
    accountId: string,
    work: (row: TokenRow | null) => Promise<{ readonly change: TokenChange; readonly result: T }>,
  ): Promise<T>;
  /**
   * Forgets the tokens, after `revoke` has told the provider; the row too unless `keepRow`.
   * Null: it is none of the member's. Otherwise what `revoke` returned.
   */
  erase<T>(
    account: { readonly id: string; readonly memberId: string; readonly keepRow: boolean },
    revoke: (row: TokenRow | null) => Promise<T>,
  ): Promise<T | null>;
  /** Up to `limit` rows whose tokens do not begin with `prefix` are sealed anew. Returns how many were. */
  resealOthers(prefix: string, limit: number, reseal: (row: TokenRow) => string): Promise<number>;
}

interface Row {
  readonly id: string;
  readonly member: string;
  readonly provider: AccountProvider;
  readonly sealed: string | null;
  readonly expires: Date | string | null;
}

const COLUMNS = 'id, member_id as member, provider, sealed, tokens_expire_at as expires';

export function createAccountTokens(database: Database): AccountTokens {
  return {
    async read(accountId) {
      return await database.use(async (em) => {
        const [row] = await em.execute<Row[]>(`select ${COLUMNS} from linked_account where id = ?`, [accountId]);
        return tokenRow(row);
      });
    },

    async change(accountId, work) {
      return await database.transaction(async (em) => {
        const [row] = await em.execute<Row[]>(`select ${COLUMNS} from linked_account where id = ? for update`, [
          accountId,
        ]);
        const { change, result } = await work(tokenRow(row));
        if (change.kind === 'replace') {
          const { sealed, expiresAt: tokensExpireAt } = change;
          await em.nativeUpdate(LinkedAccount, { id: accountId }, { sealed, tokensExpireAt, needsRelink: false });
        } else if (change.kind === 'relink') {
          await em.nativeUpdate(
            LinkedAccount,
            { id: accountId },
            { sealed: null, tokensExpireAt: null, needsRelink: true },
          );
        }
        return result;
      });
    },

    async erase({ id, memberId, keepRow }, revoke) {
      return await database.transaction(async (em) => {
        const [row] = await em.execute<Row[]>(
          `select ${COLUMNS} from linked_account where id = ? and member_id = ? for update`,
          [id, memberId],
        );
        if (row === undefined) return null;
        const result = await revoke(tokenRow(row));
        if (keepRow) {
          const nothing = { sealed: null, tokensExpireAt: null, needsRelink: false, scopes: [] };
          await em.nativeUpdate(LinkedAccount, { id }, nothing);
        } else await em.nativeDelete(LinkedAccount, { id });
        await noteAudit(em, { kind: 'account.disconnected', memberId, facts: { provider: row.provider } });
        return result;
      });
    },

    async resealOthers(prefix, limit, reseal) {
      return await database.transaction(async (em) => {
        const rows = await em.execute<Row[]>(
          `select ${COLUMNS} from linked_account where sealed is not null and not starts_with(sealed, ?)
           limit ? for update skip locked`,
          [prefix, limit],
        );
        const found = rows.map(tokenRow).filter((row) => row !== null);
        await em.execute(
          `update linked_account set sealed = anew.sealed from unnest(?::uuid[], ?::text[]) as anew (id, sealed)
           where linked_account.id = anew.id`,
          [sqlArray(found.map(({ id }) => id)), sqlArray(found.map(reseal))],
        );
        return rows.length;
      });
    },
  };
}

function tokenRow(row: Row | undefined): TokenRow | null {
  if (row === undefined || row.sealed === null) return null;
  const { id, member: memberId, provider, sealed, expires } = row;
  return { id, memberId, provider, sealed, expiresAt: expires === null ? null : new Date(expires) };
}
