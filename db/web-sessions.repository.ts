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

export function createWebSessions(database: Database): WebSessions {
  return {
    async find(idHash) {
      return await database.use(async (em) => {
        const row = await em.findOne(WebSession, { idHash }, { populate: ['member'] });
        if (row === null) return null;
        const { expiresAt, endsAt, secondFactorAt, member } = row;
        return { idHash, memberId: member.id, displayName: member.displayName, expiresAt, endsAt, secondFactorAt };
      });
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
