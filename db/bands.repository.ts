import { createHash, randomInt } from 'node:crypto';
import type { EntityManager, InferEntity } from '@mikro-orm/postgresql';
import type { BandSettings, BandView } from '../workflows/contract/band.ts';
import type { ChatAddress, Platform, Requester } from '../workflows/contract/request.ts';
import { BandInvite } from './band-invite.entity.ts';
import { Band } from './band.entity.ts';
import { ChatIdentity } from './chat-identity.entity.ts';
import { NEW_BAND, resolveIdentity } from './identities.repository.ts';
import type { NewBandOptions } from './identities.repository.ts';
import { Membership } from './member.entity.ts';
import type { Database } from './orm.ts';
import { Surface } from './surface.entity.ts';

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
  /** A chat got another id: its surfaces, deliveries and band move along. Again, it changes nothing. */
  moveChat(place: Chat, to: string): Promise<void>;
}

export type JoinedBand =
  | { readonly kind: 'joined'; readonly band: BandView }
  | { readonly kind: 'unknown' | 'expired' | 'used' | 'already' };

type Chat = { readonly platform: Platform; readonly botId: string; readonly chatId: string };

/** Without letters and digits that look alike. 31^8 codes, of which one is right for ten minutes. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 8;
const CODE_MINUTES = 10;

export function createBands(database: Database, options: Partial<NewBandOptions> = {}): Bands {
  const newBand = { ...NEW_BAND, ...options };

  async function startAnew(address: ChatAddress, requester: Requester, name: string): Promise<BandView> {
    return await database.transaction(async (em) => {
      const { surfaceId, memberId } = await resolveIdentity(em, address, requester, newBand);
      const bandId = await em.insert(Band, { name, retentionDays: newBand.newBandRetentionDays });
      await em.insert(Membership, { band: bandId, member: memberId, role: 'owner' });
      await moveInto(em, address, surfaceId, bandId);
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
      const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
      return await database.transaction(async (em) => {
        const { bandId } = await resolveIdentity(em, address, requester, newBand);
        const [row] = await em.execute<{ expires: Date }[]>(
          `insert into band_invite (band_id, code_sha256, expires_at) values (?, ?, now() + make_interval(mins => ?))
           returning expires_at as expires`,
          [bandId, hashOf(code), CODE_MINUTES],
        );
        return { code, expiresAt: new Date(row?.expires ?? Date.now()) };
      });
    },

    async join(address, requester, code) {
      return await database.transaction(async (em): Promise<JoinedBand> => {
        const { surfaceId, bandId, memberId } = await resolveIdentity(em, address, requester, newBand);
        // Locked: of two chats that type the same code at once, one is too late.
        const [invite] = await em.execute<{ id: string; band: string; used: boolean; expired: boolean }[]>(
          `select id, band_id as band, used_at is not null as used, expires_at < now() as expired
           from band_invite where code_sha256 = ? for update`,
          [hashOf(code.trim().toUpperCase())],
        );
        if (invite === undefined) return { kind: 'unknown' };
        if (invite.band === bandId) return { kind: 'already' };
        if (invite.used) return { kind: 'used' };
        if (invite.expired) return { kind: 'expired' };
        await em.nativeUpdate(BandInvite, { id: invite.id }, { usedAt: new Date() });
        await em.upsert(
          Membership,
          { band: invite.band, member: memberId },
          { onConflictFields: ['band', 'member'], onConflictAction: 'ignore' },
        );
        await moveInto(em, address, surfaceId, invite.band);
        return { kind: 'joined', band: await viewOf(em, invite.band) };
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

    async moveChat(place, to) {
      await database.transaction(async (em) => await moveSurfaces(em, place, to));
    },
  };
}

/** The chat with all its threads; the place that asked becomes its home. */
async function moveInto(
  em: EntityManager,
  { platform, botId, chatId }: ChatAddress,
  homeId: string,
  bandId: string,
): Promise<void> {
  await em.nativeUpdate(Surface, { platform, botId, chatId }, { band: bandId, isHome: false });
  await em.nativeUpdate(Surface, { id: homeId }, { isHome: true });
}

async function moveSurfaces(em: EntityManager, { platform, botId, chatId }: Chat, to: string): Promise<void> {
  for (const old of await em.find(Surface, { platform, botId, chatId })) {
    const { threadId } = old;
    const there = await em.findOne(Surface, { platform, botId, chatId: to, threadId });
    if (there === null) {
      await em.nativeUpdate(Surface, { id: old.id }, { chatId: to });
      continue;
    }
    // Somebody spoke in the new chat first: one place goes on, with the band and the jobs of the old one.
    await em.nativeUpdate(Surface, { id: there.id }, { band: old.band.id, isHome: old.isHome });
    await em.execute('update job set surface_id = ? where surface_id = ?', [there.id, old.id]);
    await em.execute('update delivery set surface_id = ? where surface_id = ?', [there.id, old.id]);
    await em.nativeDelete(Surface, { id: old.id });
  }
}

async function roleOf(
  em: EntityManager,
  bandId: string,
  { platform, userId }: Requester,
): Promise<'owner' | 'member' | null> {
  const identity = await em.findOne(ChatIdentity, { platform, userId });
  if (identity === null) return null;
  return (await em.findOne(Membership, { band: bandId, member: identity.member.id }))?.role ?? null;
}

async function viewOf(em: EntityManager, bandId: string): Promise<BandView> {
  const band = await em.findOneOrFail(Band, { id: bandId }, { refresh: true });
  const [row] = await em.execute<{ chats: number }[]>(
    'select count(distinct (platform, bot_id, chat_id))::int as chats from surface where band_id = ?',
    [bandId],
  );
  return { id: band.id, name: band.name, settings: settingsOf(band), chats: row?.chats ?? 0 };
}

export function settingsOf({
  strategy,
  quality,
  format,
  language,
}: Pick<InferEntity<typeof Band>, 'strategy' | 'quality' | 'format' | 'language'>): BandSettings {
  return { strategy, quality, format, language };
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
