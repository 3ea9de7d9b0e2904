import type { ChatAddress, Platform } from '../workflows/contract/request.ts';
import { InboundEvent } from './inbound-event.entity.ts';
import type { Database } from './orm.ts';

/** Where a bot was spoken to, for one that was away and looks for what it missed. */
export interface SpokenPlaces {
  /** The places that it knows, the one with the latest job first. */
  list(botId: string): Promise<readonly ChatAddress[]>;
  /** Whether the event is in the inbound ledger. */
  isWritten(botId: string, eventKey: string): Promise<boolean>;
}

const MOST_PLACES = 100;

export function createSpokenPlaces(database: Database, platform: Platform): SpokenPlaces {
  return {
    async list(botId) {
      return await database.use(async (em) => {
        const rows = await em.execute<{ chatId: string; threadId: string }[]>(
          `select chat_id as "chatId", thread_id as "threadId" from surface where platform = ? and bot_id = ?
           order by coalesce((select max(created_at) from job where surface_id = surface.id), created_at) desc limit ?`,
          [platform, botId, MOST_PLACES],
        );
        return rows.map(({ chatId, threadId }) => ({
          platform,
          botId,
          chatId,
          threadId: threadId === '' ? null : threadId,
        }));
      });
    },
    async isWritten(botId, eventKey) {
      return await database.use(async (em) => (await em.count(InboundEvent, { platform, botId, eventKey })) > 0);
    },
  };
}
