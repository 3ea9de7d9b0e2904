import type { Database } from './orm.ts';
import { WebSession } from './web-session.entity.ts';

export interface WebSessionRow {
  /** SHA-256 of the id, hexadecimal. */
  readonly idHash: string;
  readonly memberId: string;
  readonly displayName: string;
  readonly expiresAt: Date;
  readonly endsAt: Date;
  readonly secondFactorAt: Date | null;
}

export interface WebSessions {
  find(idHash: string): Promise<WebSessionRow | null>;
  insert(row: Omit<WebSessionRow, 'displayName'>): Promise<void>;
  prolong(idHash: string, expiresAt: Date): Promise<void>;
  noteSecondFactor(idHash: string, at: Date): Promise<void>;
  delete(idHash: string): Promise<void>;
  deleteOfMember(memberId: string): Promise<void>;
  deleteExpired(): Promise<void>;
}

interface Found {
  readonly memberId: string;
  readonly displayName: string;
  readonly expiresAt: string;
  readonly endsAt: string;
  readonly secondFactorAt: string | null;
}

export function createWebSessions(database: Database): WebSessions {
  return {
    async find(idHash) {
      // Every page asks for it: one plain statement.
      const [row] = await database.use(
        async (em) =>
          await em.execute<Found[]>(
            `select member_id as "memberId", member.display_name as "displayName", to_json(expires_at) as "expiresAt",
               to_json(ends_at) as "endsAt", to_json(second_factor_at) as "secondFactorAt"
             from web_session join member on member.id = web_session.member_id where id_hash = ?`,
            [idHash],
          ),
      );
      if (row === undefined) return null;
      const { memberId, displayName, secondFactorAt } = row;
      return {
        idHash,
        memberId,
        displayName,
        expiresAt: new Date(row.expiresAt),
        endsAt: new Date(row.endsAt),
        secondFactorAt: secondFactorAt === null ? null : new Date(secondFactorAt),
      };
    },
    async insert({ idHash, memberId, expiresAt, endsAt, secondFactorAt }) {
      await database.use(async (em) => {
        await em.upsert(
          WebSession,
          { idHash, member: memberId, expiresAt, endsAt, secondFactorAt },
          { onConflictFields: ['idHash'], onConflictAction: 'ignore' },
        );
      });
    },
    async prolong(idHash, expiresAt) {
      await database.use(async (em) => await em.nativeUpdate(WebSession, { idHash }, { expiresAt }));
    },
    async noteSecondFactor(idHash, at) {
      await database.use(async (em) => await em.nativeUpdate(WebSession, { idHash }, { secondFactorAt: at }));
    },
    async delete(idHash) {
      await database.use(async (em) => await em.nativeDelete(WebSession, { idHash }));
    },
    async deleteOfMember(memberId) {
      await database.use(async (em) => await em.nativeDelete(WebSession, { member: memberId }));
    },
    async deleteExpired() {
      await database.use(async (em) => await em.nativeDelete(WebSession, { expiresAt: { $lt: new Date() } }));
    },
  };
}
