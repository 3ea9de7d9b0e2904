// A chat with all its threads belongs to one band, and one of its places is its home.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ChatAddress } from '../workflows/contract/request.ts';
import { lockChat } from './identities.repository.ts';
import { sqlArray } from './sql-array.ts';
import { Surface } from './surface.entity.ts';

export type Chat = Pick<ChatAddress, 'platform' | 'botId' | 'chatId'>;

/** The place that asked becomes the chat's home. The caller holds the chat's lock. */
export async function joinChat(
  em: EntityManager,
  { platform, botId, chatId }: Chat,
  homeId: string,
  bandId: string,
): Promise<void> {
  await em.nativeUpdate(Surface, { platform, botId, chatId }, { band: bandId, isHome: false });
  await em.nativeUpdate(Surface, { id: homeId }, { isHome: true });
}

/** The chat got another id: its places keep theirs, since running jobs know them by it. Again, it changes nothing. */
export async function moveChat(em: EntityManager, from: Chat, to: string): Promise<void> {
  if (from.chatId === to) return;
  const there: Chat = { ...from, chatId: to };
  for (const chat of from.chatId < to ? [from, there] : [there, from]) await lockChat(em, chat);
  const places = await em.find(Surface, placeOf(from));
  const home = places.find(({ isHome }) => isHome) ?? places[0];
  if (home === undefined) return;
  await forgetUnfilled(
    em,
    places.map(({ id }) => id),
  );
  // Somebody may have spoken in the new chat first.
  await em.nativeUpdate(Surface, placeOf(there), { isHome: false });
  for (const { id, threadId } of places) {
    const twin = await em.findOne(Surface, { ...placeOf(there), threadId });
    if (twin !== null) await mergePlace(em, twin.id, id);
    await em.nativeUpdate(Surface, { id }, { chatId: to });
  }
  await joinChat(em, there, home.id, home.band.id);
}

/**
 * Messages stay behind in the chat of before, where nobody can change them: what is still to come into them is posted anew. What is complete
 * stays as it is.
 */
async function forgetUnfilled(em: EntityManager, surfaceIds: readonly string[]): Promise<void> {
  await em.execute(
    `delete from delivery where surface_id = any(?::uuid[]) and state = 'sent' and (slot = 'card' or slot like 'file-%')
       and not exists (select from delivery result where result.job_id = delivery.job_id
         and result.surface_id = delivery.surface_id and result.slot = 'result' and result.state = 'sent')`,
    [sqlArray(surfaceIds)],
  );
}

/** What was posted in the one place stands in the other from now on; of two posts for one slot, the other's own. */
async function mergePlace(em: EntityManager, from: string, into: string): Promise<void> {
  await em.execute('update job set surface_id = ? where surface_id = ?', [into, from]);
  await em.execute(
    `update delivery set surface_id = ? where surface_id = ? and not exists (
       select from delivery other where other.surface_id = ? and other.job_id = delivery.job_id and other.slot = delivery.slot)`,
    [into, from, into],
  );
  await em.nativeDelete(Surface, { id: from });
}

function placeOf({ platform, botId, chatId }: Chat): Chat {
  return { platform, botId, chatId };
}
