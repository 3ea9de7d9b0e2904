import type { EntityManager } from '@mikro-orm/postgresql';
import type { ChatAddress, Requester } from '../workflows/contract/request.ts';
import { Band } from './band.entity.ts';
import { ChatIdentity } from './chat-identity.entity.ts';
import { Member, Membership } from './member.entity.ts';
import type { Database } from './orm.ts';
import { Surface } from './surface.entity.ts';

export interface ResolvedIdentity {
  readonly bandId: string;
  readonly memberId: string;
  readonly identityId: string;
  readonly surfaceId: string;
}

export interface Identities {
  /** Who asks, where, and in which band. What is seen for the first time gets its rows; a chat's first message founds a band. */
  resolve(address: ChatAddress, requester: Requester): Promise<ResolvedIdentity>;
}

export interface NewBandOptions {
  /** How long a band that is founded now keeps recordings and results after their last use; null keeps them. */
  readonly newBandRetentionDays: number | null;
}

export const NEW_BAND: NewBandOptions = { newBandRetentionDays: 90 };

export function createIdentities(database: Database, options: Partial<NewBandOptions> = {}): Identities {
  const newBand = { ...NEW_BAND, ...options };
  return {
    async resolve(address, requester) {
      return await database.transaction(async (em) => await resolveIdentity(em, address, requester, newBand));
    },
  };
}

/** As {@link Identities.resolve}, inside the caller's transaction. */
export async function resolveIdentity(
  em: EntityManager,
  address: ChatAddress,
  requester: Requester,
  newBand: NewBandOptions,
): Promise<ResolvedIdentity> {
  const { surfaceId, bandId } = (await findSurface(em, address)) ?? (await foundSurface(em, address, newBand));
  const { identityId, memberId } = await knowPerson(em, requester);
  await em.upsert(
    Membership,
    { band: bandId, member: memberId },
    { onConflictFields: ['band', 'member'], onConflictAction: 'ignore' },
  );
  return { bandId, memberId, identityId, surfaceId };
}

async function findSurface(
  em: EntityManager,
  { platform, botId, chatId, threadId }: ChatAddress,
): Promise<{ surfaceId: string; bandId: string } | null> {
  const surface = await em.findOne(Surface, { platform, botId, chatId, threadId: threadId ?? '' });
  return surface === null ? null : { surfaceId: surface.id, bandId: surface.band.id };
}

async function foundSurface(
  em: EntityManager,
  address: ChatAddress,
  { newBandRetentionDays: retentionDays }: NewBandOptions,
): Promise<{ surfaceId: string; bandId: string }> {
  const { platform, botId, chatId, threadId } = address;
  await lockChat(em, address);
  const found = await findSurface(em, address);
  if (found !== null) return found;
  const neighbour = await em.findOne(Surface, { platform, botId, chatId });
  const bandId = neighbour?.band.id ?? (await em.insert(Band, { name: `${platform} ${chatId}`, retentionDays }));
  const surfaceId = await em.insert(Surface, {
    band: bandId,
    platform,
    botId,
    chatId,
    threadId: threadId ?? '',
    isHome: neighbour === null,
  });
  return { surfaceId, bandId };
}

/**
 * Two first messages of one chat must not found two bands, nor one thread stay behind while the chat joins another. Held until the
 * transaction ends. Chats are always locked before people: no cycle.
 */
export async function lockChat(
  em: EntityManager,
  { platform, botId, chatId }: Pick<ChatAddress, 'platform' | 'botId' | 'chatId'>,
): Promise<void> {
  await lock(em, JSON.stringify(['chat', platform, botId, chatId]));
}

/** Null for somebody who never spoke. */
export async function memberIdOf(
  em: EntityManager,
  { platform, userId }: Pick<Requester, 'platform' | 'userId'>,
): Promise<string | null> {
  return (await em.findOne(ChatIdentity, { platform, userId }))?.member.id ?? null;
}

/** Who asks, wherever it is; with a member of their own where they are new. */
export async function knowPerson(
  em: EntityManager,
  requester: Requester,
): Promise<{ readonly identityId: string; readonly memberId: string }> {
  return (await findIdentity(em, requester)) ?? (await createIdentity(em, requester));
}

async function findIdentity(
  em: EntityManager,
  { platform, userId, displayName }: Requester,
): Promise<{ identityId: string; memberId: string } | null> {
  const identity = await em.findOne(ChatIdentity, { platform, userId });
  if (identity === null) return null;
  if (identity.displayName !== displayName) {
    await em.nativeUpdate(ChatIdentity, { id: identity.id }, { displayName });
  }
  return { identityId: identity.id, memberId: identity.member.id };
}

async function createIdentity(
  em: EntityManager,
  requester: Requester,
): Promise<{ identityId: string; memberId: string }> {
  const { platform, userId, displayName } = requester;
  await lock(em, JSON.stringify(['person', platform, userId]));
  const found = await findIdentity(em, requester);
  if (found !== null) return found;
  const memberId = await em.insert(Member, { displayName });
  const identityId = await em.insert(ChatIdentity, { member: memberId, platform, userId, displayName });
  return { identityId, memberId };
}

/** Held until the transaction ends. */
async function lock(em: EntityManager, name: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [name]);
}
