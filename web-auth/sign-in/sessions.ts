/**
 * Browsers in which a member has signed in: lucia, behind an interface of ours. The id is in the cookie alone, rows hold its SHA-256. A
 * session ends a day after it was last used, and a week after it began.
 */
import { createHash } from 'node:crypto';
import { Lucia, TimeSpan } from 'lucia';
import type { Adapter } from 'lucia';
import type { WebSessions } from '../../db/web-sessions.repository.ts';

/** A member who has signed in in this browser. */
export interface Visitor {
  readonly memberId: string;
  readonly displayName: string;
  readonly hasSecondFactor: boolean;
}

export interface Sessions {
  /** @returns the visitor, and the cookie to set again where the session was prolonged; null for a cookie that is none of ours, or over */
  visitor(
    cookieHeader: string | undefined,
  ): Promise<{ readonly visitor: Visitor; readonly setCookie: string | null } | null>;
  /** A new session under a new id. @returns the `Set-Cookie` line */
  open(memberId: string): Promise<string>;
  noteSecondFactor(cookieHeader: string | undefined): Promise<void>;
  /** @returns the `Set-Cookie` line that takes the cookie away */
  close(cookieHeader: string | undefined): Promise<string>;
  closeAllOf(memberId: string): Promise<void>;
}

const SLIDING = new TimeSpan(1, 'd');
const ABSOLUTE_MS = 7 * 24 * 3_600_000;
/** As lucia makes them; whatever else stands in the cookie is not looked up. */
const SESSION_ID = /^[a-z0-9]{40}$/u;

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof createLucia>;
    DatabaseSessionAttributes: { readonly endsAt: Date; readonly secondFactorAt: Date | null };
    DatabaseUserAttributes: { readonly displayName: string };
  }
}

export interface SessionOptions {
  readonly store: WebSessions;
  /** Without https a browser takes neither `Secure` nor the `__Host-` prefix: only for this machine. */
  readonly isHttps: boolean;
  readonly now?: () => Date;
}

export function createSessions({ store, isHttps, now = () => new Date() }: SessionOptions): Sessions {
  const lucia = createLucia(store, isHttps);

  function idIn(cookieHeader: string | undefined): string | null {
    // Two cookies of one name are somebody's attempt to slip one in: neither counts.
    const named = (cookieHeader ?? '')
      .split(';')
      .filter((part) => part.trim().startsWith(`${lucia.sessionCookieName}=`));
    const id = named.length === 1 ? lucia.readSessionCookie(cookieHeader ?? '') : null;
    return id !== null && SESSION_ID.test(id) ? id : null;
  }

  return {
    async visitor(cookieHeader) {
      const id = idIn(cookieHeader);
      if (id === null) return null;
      const { session, user } = await lucia.validateSession(id);
      if (session === null) return null;
      if (session.endsAt <= now()) {
        await lucia.invalidateSession(id);
        return null;
      }
      return {
        visitor: { memberId: user.id, displayName: user.displayName, hasSecondFactor: session.secondFactorAt !== null },
        setCookie: session.fresh ? lucia.createSessionCookie(id).serialize() : null,
      };
    },
    async open(memberId) {
      const endsAt = new Date(now().getTime() + ABSOLUTE_MS);
      const session = await lucia.createSession(memberId, { endsAt, secondFactorAt: null });
      return lucia.createSessionCookie(session.id).serialize();
    },
    async noteSecondFactor(cookieHeader) {
      const id = idIn(cookieHeader);
      if (id !== null) await store.noteSecondFactor(hashOf(id), now());
    },
    async close(cookieHeader) {
      const id = idIn(cookieHeader);
      if (id !== null) await lucia.invalidateSession(id);
      return lucia.createBlankSessionCookie().serialize();
    },
    async closeAllOf(memberId) {
      await lucia.invalidateUserSessions(memberId);
    },
  };
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- lucia's own type follows from these options
function createLucia(store: WebSessions, isHttps: boolean) {
  return new Lucia(adapterOf(store), {
    sessionExpiresIn: SLIDING,
    sessionCookie: {
      name: isHttps ? '__Host-session' : 'session',
      attributes: { secure: isHttps, sameSite: 'lax', path: '/' },
    },
    getSessionAttributes: ({ endsAt, secondFactorAt }) => ({ endsAt, secondFactorAt }),
    getUserAttributes: ({ displayName }) => ({ displayName }),
  });
}

/** Lucia hands the raw id to every call, and wants it back from a look. */
function adapterOf(store: WebSessions): Adapter {
  return {
    async getSessionAndUser(id) {
      const row = await store.find(hashOf(id));
      if (row === null) return [null, null];
      const { memberId, displayName, expiresAt, endsAt, secondFactorAt } = row;
      return [
        { id, userId: memberId, expiresAt, attributes: { endsAt, secondFactorAt } },
        { id: memberId, attributes: { displayName } },
      ];
    },
    async getUserSessions() {
      throw new TypeError('ids of sessions are not kept, so they cannot be listed');
    },
    async setSession({ id, userId, expiresAt, attributes }) {
      await store.insert({ idHash: hashOf(id), memberId: userId, expiresAt, ...attributes });
    },
    updateSessionExpiration: async (id, expiresAt) => await store.prolong(hashOf(id), expiresAt),
    deleteSession: async (id) => await store.delete(hashOf(id)),
    deleteUserSessions: async (memberId) => await store.deleteOfMember(memberId),
    deleteExpiredSessions: async () => await store.deleteExpired(),
  };
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
