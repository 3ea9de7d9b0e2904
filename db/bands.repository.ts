import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { BandSettings, BandView } from '../workflows/contract/band.ts';
import type { ChatAddress, Requester } from '../workflows/contract/request.ts';
import { makeCode, redeemCode } from './band-codes.ts';
import { Band } from './band.entity.ts';
import { joinChat, moveChat } from './chat-band.ts';
import type { Chat } from './chat-band.ts';
import { lockChat, memberIdOf, NEW_BAND, resolveIdentity } from './identities.repository.ts';
import type { NewBandOptions } from './identities.repository.ts';
import { Membership } from './member.entity.ts';
import type { Database } from './orm.ts';

export interface Bands {
  /** The band of this chat; founded by its first message. */
  of(address: ChatAddress, requester: Requester): Promise<BandView>;
  /** Every band that this person plays in, the one with the newest job first. */
  ofPerson(requester: Requester): Promise<readonly BandView[]>;
  /** A new band for this chat, which leaves the one it was in. The requester owns it. */
  create(address: ChatAddress, requester: Requester, name: string): Promise<BandView>;
  /** A code of 8 characters, for 10 minutes and one use, by which another chat joins. */
  invite(address: ChatAddress, requester: Requester): Promise<{ readonly code: string; readonly expiresAt: Date }>;
  /** This chat joins; its cards are mirrored from now on. What it has made before stays with its old band. */
  join(address: ChatAddress, requester: Requester, code: string): Promise<JoinedBand>;
  /** This chat goes its own way again, in a band of its own. */
  leave(address: ChatAddress, requester: Requester): Promise<BandView>;
  saveSettings(bandId: string, settings: Partial<BandSettings>): Promise<BandView>;
  isMember(bandId: string, requester: Requester): Promise<boolean>;
  isOwner(bandId: string, requester: Requester): Promise<boolean>;
  /** Under the same account, or under accounts that are linked to be one person's. */
  isSamePerson(one: Requester, other: Requester): Promise<boolean>;
  /** A chat got another id: its surfaces, deliveries and band move along. Again, it changes nothing. */
  moveChat(place: Chat, to: string): Promise<void>;
}

export type JoinedBand =
  | { readonly kind: 'joined'; readonly band: BandView }
  | { readonly kind: 'unknown' | 'expired' | 'used' | 'already' }
  /** Too many codes that let nobody in; none is looked at until then. */
  | { readonly kind: 'wait'; readonly freeInSeconds: number };

export function createBands(database: Database, options: Partial<NewBandOptions> = {}): Bands {
  const newBand = { ...NEW_BAND, ...options };

  async function startAnew(address: ChatAddress, requester: Requester, name: string): Promise<BandView> {
    // Chosen out here, so that a repetition founds no second one.
    const bandId = randomUUID();
    return await database.transaction(async (em) => {
      await lockChat(em, address);
      const { surfaceId, memberId } = await resolveIdentity(em, address, requester, newBand);
      await em.upsert(
        Band,
        { id: bandId, name, retentionDays: newBand.newBandRetentionDays },
        { onConflictFields: ['id'], onConflictAction: 'ignore' },
      );
      await em.upsert(
        Membership,
        { band: bandId, member: memberId, role: 'owner' },
        { onConflictFields: ['band', 'member'], onConflictAction: 'ignore' },
      );
      await joinChat(em, address, surfaceId, bandId);
      return await viewOf(em, bandId);
    });
  }

  return {
    async of(address, requester) {
      return await database.transaction(async (em) => {
        const { bandId } = await resolveIdentity(em, address, requester, newBand);
        return await viewOf(em, bandId);
      });
    },

    async ofPerson({ platform, userId }) {
      return await database.use(async (em) => {
        const rows = await em.execute<{ id: string }[]>(
          `select band_id as id from membership join chat_identity on chat_identity.member_id = membership.member_id
           where platform = ? and user_id = ?
           order by (select max(created_at) from job where job.band_id = membership.band_id) desc nulls last`,
          [platform, userId],
        );
        const views: BandView[] = [];
        for (const { id } of rows) views.push(await viewOf(em, id));
        return views;
      });
    },

    create: startAnew,
    async leave(address, requester) {
      return await startAnew(address, requester, `${address.platform} ${address.chatId}`);
    },

    async invite(address, requester) {
      return await database.transaction(async (em) => {
        const { bandId } = await resolveIdentity(em, address, requester, newBand);
        return await makeCode(em, bandId);
      });
    },

    async join(address, requester, code) {
      return await database.transaction(async (em): Promise<JoinedBand> => {
        await lockChat(em, address);
        const { surfaceId, bandId, memberId, identityId } = await resolveIdentity(em, address, requester, newBand);
        const redeemed = await redeemCode(em, { code, identityId, ownBandId: bandId });
        if (redeemed.kind !== 'redeemed') return redeemed;
        await em.upsert(
          Membership,
          { band: redeemed.bandId, member: memberId, byCode: true },
          { onConflictFields: ['band', 'member'], onConflictAction: 'merge', onConflictMergeFields: ['byCode'] },
        );
        await joinChat(em, address, surfaceId, redeemed.bandId);
        return { kind: 'joined', band: await viewOf(em, redeemed.bandId) };
      });
    },

    async saveSettings(bandId, settings) {
      return await database.transaction(async (em) => {
        if (Object.keys(settings).length > 0) await em.nativeUpdate(Band, { id: bandId }, settings);
        return await viewOf(em, bandId);
      });
    },

    async isMember(bandId, requester) {
      return await database.use(async (em) => (await roleOf(em, bandId, requester)) !== null);
    },

    async isOwner(bandId, requester) {
      return await database.use(async (em) => (await roleOf(em, bandId, requester)) === 'owner');
    },

    async isSamePerson(one, other) {
      return await database.use(async (em) => {
        const [member, another] = [await memberIdOf(em, one), await memberIdOf(em, other)];
        return member !== null && member === another;
      });
    },

    async moveChat(place, to) {
      await database.transaction(async (em) => {
        await moveChat(em, place, to);
      });
    },
  };
}

async function roleOf(em: EntityManager, bandId: string, requester: Requester): Promise<'owner' | 'member' | null> {
  const member = await memberIdOf(em, requester);
  return member === null ? null : ((await em.findOne(Membership, { band: bandId, member }))?.role ?? null);
}

async function viewOf(em: EntityManager, bandId: string): Promise<BandView> {
  const band = await em.findOneOrFail(Band, { id: bandId }, { refresh: true });
  const [row] = await em.execute<{ chats: number }[]>(
    'select count(distinct (platform, bot_id, chat_id))::int as chats from surface where band_id = ?',
    [bandId],
  );
  const { id, name, strategy, quality, format, language, inviteOnly } = band;
  return { id, name, settings: { strategy, quality, format, language, inviteOnly }, chats: row?.chats ?? 0 };
}
