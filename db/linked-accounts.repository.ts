/** Members' accounts elsewhere. Tokens come here sealed; whoever seals them binds them to {@link accountBinding}. */
import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Platform } from '../workflows/contract/request.ts';
import { noteAudit } from './audit.repository.ts';
import { ChatIdentity } from './chat-identity.entity.ts';
import { linkIdentity } from './link-identity.ts';
import { LinkedAccount } from './linked-account.entity.ts';
import type { AccountProvider } from './linked-account.entity.ts';
import { Member } from './member.entity.ts';
import type { Database } from './orm.ts';
import { sqlArray } from './sql-array.ts';
import { Surface } from './surface.entity.ts';

export interface AccountKey {
  readonly provider: AccountProvider;
  readonly subject: string;
}

export interface SignedIn extends AccountKey {
  readonly displayName: string;
  /** The chat user that this account is; null where its provider is no chat. */
  readonly chatUser: { readonly platform: Platform; readonly userId: string } | null;
  /** Whether somebody unknown gets a member. */
  readonly mayFound: boolean;
}

export interface KeptAccount extends AccountKey {
  readonly id: string;
  readonly memberId: string;
  readonly displayName: string;
  readonly scopes: readonly string[];
  readonly hasTokens: boolean;
  readonly needsRelink: boolean;
  readonly connectedAt: Date;
}

export interface SealedTokens {
  readonly sealed: string;
  readonly expiresAt: Date | null;
  readonly scopes: readonly string[];
}

export interface LinkedAccounts {
  /**
   * The member of this account. The first time: of its chat user, who is linked by it, or a new one. Null: unknown, and nobody may be founded.
   */
  signIn(account: SignedIn): Promise<{ readonly memberId: string } | null>;
  isKnown(account: AccountKey): Promise<boolean>;
  /** Whether chats of this bot, or workspace, are served here: user ids of others mean somebody else. */
  isServed(platform: Platform, botId: string): Promise<boolean>;
  /** Adds it to a member, or gives it new tokens. `taken`: it is another member's. */
  connect(
    memberId: string,
    account: AccountKey & { readonly displayName: string },
    /** Null: no tokens come with it. */
    seal: (boundTo: string) => SealedTokens | null,
  ): Promise<'connected' | 'taken'>;
  list(memberId: string): Promise<readonly KeptAccount[]>;
  /** The identities by which chats know the member. */
  chatUsers(memberId: string): Promise<
    readonly {
      readonly id: string;
      readonly platform: Platform;
      readonly userId: string;
      readonly displayName: string;
    }[]
  >;
  /** Whether the member has one of these accounts. */
  hasAny(memberId: string, accounts: readonly AccountKey[]): Promise<boolean>;
}

/** What a row's tokens are sealed to: in another row, or of another member, they do not open. */
export function accountBinding(row: {
  readonly id: string;
  readonly memberId: string;
  readonly provider: string;
}): string {
  return `linked_account|${row.id}|${row.memberId}|${row.provider}|v1`;
}

export function createLinkedAccounts(database: Database): LinkedAccounts {
  return {
    async signIn(account) {
      const newMemberId = randomUUID();
      return await database.transaction(async (em) => {
        await lockAccount(em, account);
        const { provider, subject, displayName } = account;
        const known = await em.findOne(LinkedAccount, { provider, subject });
        if (known !== null) {
          if (known.displayName !== displayName)
            await em.nativeUpdate(LinkedAccount, { id: known.id }, { displayName });
          return { memberId: known.member.id };
        }
        const chatUser = account.chatUser === null ? null : await em.findOne(ChatIdentity, account.chatUser);
        if (chatUser === null && !account.mayFound) return null;
        const memberId = chatUser?.member.id ?? (await em.insert(Member, { id: newMemberId, displayName }));
        await em.insert(LinkedAccount, { member: memberId, provider, subject, displayName, scopes: [] });
        await noteAudit(em, { kind: 'account.connected', memberId, facts: { provider } });
        if (chatUser !== null) await linkIdentity(em, chatUser.id, memberId, 'sign-in');
        return { memberId };
      });
    },

    async isKnown({ provider, subject }) {
      return await database.use(async (em) => (await em.count(LinkedAccount, { provider, subject })) > 0);
    },

    async isServed(platform, botId) {
      return await database.use(async (em) => (await em.findOne(Surface, { platform, botId })) !== null);
    },

    async connect(memberId, account, seal) {
      const newId = randomUUID();
      return await database.transaction(async (em) => {
        await lockAccount(em, account);
        const { provider, subject, displayName } = account;
        const known = await em.findOne(LinkedAccount, { provider, subject });
        if (known !== null && known.member.id !== memberId) return 'taken';
        const id = known?.id ?? newId;
        const tokens = seal(accountBinding({ id, memberId, provider }));
        const row = {
          displayName,
          scopes: [...(tokens?.scopes ?? [])],
          sealed: tokens?.sealed ?? null,
          tokensExpireAt: tokens?.expiresAt ?? null,
          needsRelink: false,
        };
        if (known === null) await em.insert(LinkedAccount, { id, member: memberId, provider, subject, ...row });
        else await em.nativeUpdate(LinkedAccount, { id }, row);
        await noteAudit(em, { kind: 'account.connected', memberId, facts: { provider } });
        return 'connected';
      });
    },

    async list(memberId) {
      return await database.use(async (em) =>
        (await em.find(LinkedAccount, { member: memberId }, { orderBy: { createdAt: 'asc' } })).map((row) => ({
          id: row.id,
          memberId,
          provider: row.provider,
          subject: row.subject,
          displayName: row.displayName,
          scopes: row.scopes,
          hasTokens: row.sealed != null,
          needsRelink: row.needsRelink,
          connectedAt: row.createdAt,
        })),
      );
    },

    async chatUsers(memberId) {
      return await database.use(async (em) =>
        (
          await em.find(ChatIdentity, { member: memberId, linkedAt: { $ne: null } }, { orderBy: { createdAt: 'asc' } })
        ).map(({ id, platform, userId, displayName }) => ({ id, platform, userId, displayName })),
      );
    },

    async hasAny(memberId, accounts) {
      if (accounts.length === 0) return false;
      return await database.use(async (em) => {
        const rows = await em.execute<unknown[]>(
          `select from linked_account where member_id = ? and provider || ':' || subject = any(?::text[]) limit 1`,
          [memberId, sqlArray(accounts.map(({ provider, subject }) => `${provider}:${subject}`))],
        );
        return rows.length > 0;
      });
    },
  };
}

/** Two first sign-ins of one account at once found one member. */
async function lockAccount(em: EntityManager, { provider, subject }: AccountKey): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
    JSON.stringify(['account', provider, subject]),
  ]);
}
