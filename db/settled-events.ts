/** Events that were done with, remembered for as long as they may be delivered again. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventIdentity } from '../workflows/contract/ids.ts';
import type { Database } from './orm.ts';

/** What the group's key of held events begins with once they were decided upon; alone, of an event that was in no group. */
export const SETTLED = 'settled ';
/** No platform delivers an event again after this: Telegram keeps one for a day. */
const SETTLED_HOURS = 48;

/** Inside the caller's transaction. */
export async function forgetSettled(
  em: EntityManager,
  { platform, botId }: Pick<EventIdentity, 'platform' | 'botId'>,
): Promise<void> {
  await em.execute(
    `delete from held_event where platform = ? and bot_id = ? and starts_with(group_key, ?)
       and updated_at < now() - make_interval(hours => ?)`,
    [platform, botId, SETTLED, SETTLED_HOURS],
  );
}

export type Once = <T>(event: EventIdentity, work: () => Promise<T>) => Promise<T | null>;

/** @returns does work once for an event; null where it was done before, or is being done here by another of its deliveries */
export function createOnce(database: Database): Once {
  const underWay = new Map<string, Promise<unknown>>();

  async function isDone({ platform, botId, eventKey }: EventIdentity): Promise<boolean> {
    return await database.use(async (em) => {
      const rows = await em.execute<unknown[]>(
        'select from held_event where platform = ? and bot_id = ? and event_key = ? and group_key = ?',
        [platform, botId, eventKey, SETTLED],
      );
      return rows.length > 0;
    });
  }

  async function noteDone({ platform, botId, eventKey }: EventIdentity): Promise<void> {
    await database.transaction(async (em) => {
      await em.execute(
        `insert into held_event (platform, bot_id, event_key, group_key, item) values (?, ?, ?, ?, 'null')
         on conflict (platform, bot_id, event_key) do nothing`,
        [platform, botId, eventKey, SETTLED],
      );
      await forgetSettled(em, { platform, botId });
    });
  }

  return async (event, work) => {
    const key = JSON.stringify([event.platform, event.botId, event.eventKey]);
    const before = underWay.get(key);
    if (before !== undefined) {
      // Where that fails this delivery is no better.
      await before;
      return null;
    }
    const doing = (async () => {
      if (await isDone(event)) return null;
      const result = await work();
      // Afterwards: a process that dies in between leaves it to the next delivery.
      await noteDone(event);
      return result;
    })();
    underWay.set(key, doing);
    try {
      return await doing;
    } finally {
      underWay.delete(key);
    }
  };
}
