/**
 * Which member a chat user is. A link handed out in a chat is worth nothing to others by itself: whoever redeems it has shown in the browser
 * that the chat user is theirs, or the chat user types a code that the browser showed.
 */
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Platform, Requester } from '../workflows/contract/request.ts';
import { ChatIdentity } from './chat-identity.entity.ts';
import { knowPerson } from './identities.repository.ts';
import { linkIdentity, unlinkIdentity } from './link-identity.ts';
import { LinkCode, LinkToken } from './link-token.entity.ts';
import type { Database } from './orm.ts';

export interface Linking {
  /** A link for this chat user: 256 random bits, of which only the SHA-256 is kept; good for one use within ten minutes. */
  makeToken(requester: Requester): Promise<{ readonly token: string; readonly endsAt: Date }>;
  /** Consumes nothing. Null: none of ours, used, or over. */
  look(token: string): Promise<LinkAsker | null>;
  /**
   * One winner. Makes `memberId` the identity's member (what it had as a member without sign-in moves along), notes it in the audit log and
   * announces it (`LINK_CHANNEL`). Call it only where the browser has shown that the identity is its own. `taken`: it is another member's.
   */
  redeem(token: string, memberId: string): Promise<'linked' | 'gone' | 'taken'>;
  /**
   * For sign-ins that do not show whose the chat identity is: uses the token up, for a code of 8 characters that the same chat user types in
   * the chat within five minutes. Null: the token is gone, or the identity is another member's.
   */
  park(token: string, memberId: string): Promise<{ readonly code: string } | null>;
  /**
   * Whose machine it is needs no provider: uses a link of the console up. @returns the member of whoever typed it there; null: the token is
   * gone, or a chat's. Call it only for browsers on that machine.
   */
  enter(token: string): Promise<string | null>;
  /** `too-many`: the code is dead after {@link MOST_WRONG_TRIES}; a new link makes a new one. */
  confirm(requester: Requester, code: string): Promise<'linked' | 'wrong' | 'too-many'>;
  isLinked(requester: Requester): Promise<boolean>;
  /** The identity keeps its jobs; it is nobody's until it is linked again. False: it was not linked. */
  unlink(requester: Requester): Promise<boolean>;
}

/** The chat user who asked for a link. */
export interface LinkAsker {
  readonly identityId: string;
  readonly platform: Platform;
  readonly userId: string;
  readonly displayName: string;
}

export const MOST_WRONG_TRIES = 5;
const TOKEN_BYTES = 32;
const TOKEN_MINUTES = 10;
const TOKEN = /^[\w-]{43}$/u;
/** Without letters and digits that look alike: 31^8 codes. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 8;
const CODE_MINUTES = 5;

export function createLinking(database: Database): Linking {
  return {
    async makeToken(requester) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      return await database.transaction(async (em) => {
        const { identityId } = await knowPerson(em, requester);
        await em.execute('delete from link_token where identity_id = ? and expires_at < now()', [identityId]);
        const [row] = await em.execute<{ ends: Date }[]>(
          `insert into link_token (token_sha256, identity_id, expires_at) values (?, ?, now() + make_interval(mins => ?))
           on conflict (token_sha256) do update set expires_at = link_token.expires_at returning expires_at as ends`,
          [hashOf(token), identityId, TOKEN_MINUTES],
        );
        if (row === undefined) throw new Error('the link was not written');
        return { token, endsAt: new Date(row.ends) };
      });
    },

    async look(token) {
      if (!TOKEN.test(token)) return null;
      return await database.use(async (em) => {
        const row = await em.findOne(
          LinkToken,
          { tokenSha256: hashOf(token), usedBy: null, expiresAt: { $gt: new Date() } },
          { populate: ['identity'] },
        );
        if (row === null) return null;
        const { id: identityId, platform, userId, displayName } = row.identity;
        return { identityId, platform, userId, displayName };
      });
    },

    async redeem(token, memberId) {
      // Chosen out here, so that a repetition after a lost answer knows its own work again.
      const attempt = randomUUID();
      return await database.transaction(async (em) => {
        const identityId = await takeToken(em, token, attempt);
        return identityId === null ? 'gone' : await linkIdentity(em, identityId, memberId, 'sign-in');
      });
    },

    async park(token, memberId) {
      const attempt = randomUUID();
      const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
      return await database.transaction(async (em) => {
        const identityId = await takeToken(em, token, attempt);
        if (identityId === null) return null;
        const identity = await em.findOneOrFail(ChatIdentity, { id: identityId });
        if (identity.linkedAt != null && identity.member.id !== memberId) return null;
        await em.execute(
          `insert into link_code (identity_id, member_id, code_sha256, expires_at)
           values (?, ?, ?, now() + make_interval(mins => ?))
           on conflict (identity_id) do update set member_id = excluded.member_id, code_sha256 = excluded.code_sha256,
             expires_at = excluded.expires_at, wrong_tries = 0, used_by = null`,
          [identityId, memberId, hashOf(code), CODE_MINUTES],
        );
        return { code };
      });
    },

    async enter(token) {
      const attempt = randomUUID();
      return await database.transaction(async (em) => {
        const asked = await em.findOne(LinkToken, { tokenSha256: hashOf(token) }, { populate: ['identity'] });
        if (asked?.identity.platform !== 'console') return null;
        const identityId = await takeToken(em, token, attempt);
        return identityId === null ? null : asked.identity.member.id;
      });
    },

    async confirm(requester, code) {
      const attempt = randomUUID();
      return await database.transaction(async (em) => {
        const { identityId } = await knowPerson(em, requester);
        return await confirmCode(em, { identityId, code, attempt });
      });
    },

    async isLinked({ platform, userId }) {
      if (platform === 'console') return true;
      return await database.use(
        async (em) => (await em.count(ChatIdentity, { platform, userId, linkedAt: { $ne: null } })) > 0,
      );
    },

    async unlink({ platform, userId }) {
      const newMemberId = randomUUID();
      return await database.transaction(async (em) => await unlinkIdentity(em, { platform, userId }, newMemberId));
    },
  };
}

/** Of many at once one gets the identity's id; so does the same attempt again. */
async function takeToken(em: EntityManager, token: string, attempt: string): Promise<string | null> {
  if (!TOKEN.test(token)) return null;
  const [row] = await em.execute<{ identity: string }[]>(
    `update link_token set used_by = ? where token_sha256 = ? and (used_by = ? or (used_by is null and expires_at > now()))
     returning identity_id as identity`,
    [attempt, hashOf(token), attempt],
  );
  return row?.identity ?? null;
}

async function confirmCode(
  em: EntityManager,
  { identityId, code, attempt }: { readonly identityId: string; readonly code: string; readonly attempt: string },
): Promise<'linked' | 'wrong' | 'too-many'> {
  // Locked: many guesses at once are counted one by one.
  const [row] = await em.execute<{ id: string; member: string; hash: string; tries: number; used: string | null }[]>(
    `select id, member_id as member, code_sha256 as hash, wrong_tries as tries, used_by as used from link_code
     where identity_id = ? and (expires_at > now() or used_by = ?) for update`,
    [identityId, attempt],
  );
  if (row?.used === attempt) return 'linked';
  if (row === undefined || row.used !== null) return 'wrong';
  if (row.tries >= MOST_WRONG_TRIES) return 'too-many';
  if (row.hash !== hashOf(code.trim().toUpperCase())) {
    await em.nativeUpdate(LinkCode, { id: row.id }, { wrongTries: row.tries + 1 });
    return row.tries + 1 >= MOST_WRONG_TRIES ? 'too-many' : 'wrong';
  }
  const linked = await linkIdentity(em, identityId, row.member, 'code');
  if (linked === 'taken') return 'wrong';
  await em.nativeUpdate(LinkCode, { id: row.id }, { usedBy: attempt });
  return 'linked';
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
