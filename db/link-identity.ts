// A chat identity changes hands, inside the caller's transaction: what goes along, what is written down, who is told.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Platform } from '../workflows/contract/request.ts';
import { noteAudit } from './audit.repository.ts';
import { ChatIdentity } from './chat-identity.entity.ts';
import { Member } from './member.entity.ts';
import { LINK_CHANNEL, notify } from './notify.ts';

/** How the identity was shown to be the member's. */
export type LinkProof = 'sign-in' | 'code';

/**
 * The identity is this member's from now on. Memberships and shares of the member that its first message had made move along; that member
 * stays as an empty row, since messages under way may still name it. Linked already, nothing changes.
 */
export async function linkIdentity(
  em: EntityManager,
  identityId: string,
  memberId: string,
  proof: LinkProof,
): Promise<'linked' | 'taken'> {
  const identity = await lockIdentity(em, 'id = ?', [identityId]);
  if (identity === null) throw new Error('the chat identity is not there any more');
  if (identity.isLinked) return identity.member === memberId ? 'linked' : 'taken';
  if (identity.member !== memberId) {
    await copyMemberships(em, identity.member, memberId);
    await em.execute('delete from membership where member_id = ?', [identity.member]);
    await em.execute('update share_use set member_id = ? where member_id = ?', [memberId, identity.member]);
  }
  await em.nativeUpdate(ChatIdentity, { id: identityId }, { member: memberId, linkedAt: new Date() });
  await noteAudit(em, { kind: 'identity.linked', memberId, facts: { identityId, platform: identity.platform, proof } });
  await notify(em, LINK_CHANNEL, identityId);
  return 'linked';
}

/**
 * The identity gets a member of its own that nobody has signed in to, in the bands with a chat on its platform. Whoever it belonged to keeps
 * the bands that their other identities lead to.
 */
export async function unlinkIdentity(
  em: EntityManager,
  { platform, userId }: { readonly platform: Platform; readonly userId: string },
  newMemberId: string,
): Promise<boolean> {
  const identity = await lockIdentity(em, 'platform = ? and user_id = ?', [platform, userId]);
  // A repetition after a lost answer.
  if (identity?.member === newMemberId) return true;
  if (identity === null || !identity.isLinked) return false;
  await em.insert(Member, { id: newMemberId, displayName: identity.name });
  await em.execute(
    `insert into membership (band_id, member_id, role)
     select band_id, ?, role from membership where member_id = ?
       and exists (select from surface where surface.band_id = membership.band_id and platform = ?)`,
    [newMemberId, identity.member, platform],
  );
  await em.nativeUpdate(ChatIdentity, { id: identity.id }, { member: newMemberId, linkedAt: null });
  await em.execute(
    `delete from membership where member_id = ?
       and exists (select from surface where surface.band_id = membership.band_id and platform = ?)
       and not exists (select from chat_identity join surface on surface.platform = chat_identity.platform
         where chat_identity.member_id = membership.member_id and surface.band_id = membership.band_id)`,
    [identity.member, platform],
  );
  const facts = { identityId: identity.id, platform };
  await noteAudit(em, { kind: 'identity.unlinked', memberId: identity.member, facts });
  return true;
}

interface LockedIdentity {
  readonly id: string;
  readonly member: string;
  readonly platform: Platform;
  readonly name: string;
  readonly isLinked: boolean;
}

async function lockIdentity(
  em: EntityManager,
  where: string,
  values: readonly string[],
): Promise<LockedIdentity | null> {
  const [row] = await em.execute<LockedIdentity[]>(
    `select id, member_id as member, platform, display_name as name, linked_at is not null as "isLinked"
     from chat_identity where ${where} for update`,
    [...values],
  );
  return row ?? null;
}

/** Where both play in a band, the higher role counts. */
async function copyMemberships(em: EntityManager, from: string, to: string): Promise<void> {
  await em.execute(
    `insert into membership (band_id, member_id, role) select band_id, ?, role from membership where member_id = ?
     on conflict (band_id, member_id) do update set role = excluded.role where excluded.role = 'owner'`,
    [to, from],
  );
}
