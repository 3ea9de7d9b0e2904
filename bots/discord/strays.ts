/** Messages of an earlier try whose answer was lost, once Discord has forgotten their nonce: they bear its mark, and are not the one that stands. */
import { Routes, SnowflakeUtil } from 'discord.js';
import type { APIMessage, REST } from 'discord.js';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ResentPlaceholder } from '../../workflows/contract/chat-port.ts';
import { callDiscord } from './call-discord.ts';
import { deliveryMark, readDeliveryMark } from './delivery-mark.ts';
import { inOpenThread } from './in-open-thread.ts';

/** Whoever waits on a lost answer gives up after 15 s. */
const AROUND_MS = 60_000;
const PAGE_MESSAGES = 100;
/** A channel in which more than this was said in a few minutes keeps its strays. */
const MOST_PAGES = 3;

/**
 * Reads the channel around the time of the tries and deletes the strays; returns how many. Where the bot may not read, Discord says that
 * there is nothing.
 */
export async function removeStrays(
  rest: REST,
  channelId: string,
  botId: string,
  resent: readonly ResentPlaceholder[],
): Promise<number> {
  const strays: string[] = [];
  try {
    await findStrays(rest, channelId, botId, resent, strays);
  } finally {
    for (const id of strays) await erase(rest, channelId, id);
  }
  return strays.length;
}

async function findStrays(
  rest: REST,
  channelId: string,
  botId: string,
  resent: readonly ResentPlaceholder[],
  strays: string[],
): Promise<void> {
  const standing = new Map(resent.map(({ nonce, messageId }) => [deliveryMark(nonce), messageId]));
  // An id holds the time at which Discord took the message: by Discord's own clock, whatever ours says.
  const begins = resent.map(
    ({ messageId, triedForSeconds }) => SnowflakeUtil.timestampFrom(messageId) - triedForSeconds * 1000,
  );
  const latestMs = Math.max(...resent.map(({ messageId }) => SnowflakeUtil.timestampFrom(messageId))) + AROUND_MS;
  let after = String(SnowflakeUtil.generate({ timestamp: Math.floor(Math.min(...begins)) - AROUND_MS, increment: 0n }));
  for (let pages = 0; pages < MOST_PAGES && SnowflakeUtil.timestampFrom(after) <= latestMs; pages += 1) {
    const query = new URLSearchParams({ after, limit: String(PAGE_MESSAGES) });
    // The newest first.
    const messages = (await callDiscord(
      async () => await rest.get(Routes.channelMessages(channelId), { query }),
    )) as APIMessage[];
    for (const { id, author, content, embeds } of messages) {
      if (author.id !== botId) continue;
      const stands = standing.get(readDeliveryMark(embeds[0]?.description ?? content) ?? '');
      if (stands !== undefined && stands !== id) strays.push(id);
    }
    const [newest] = messages;
    if (newest === undefined || messages.length < PAGE_MESSAGES) break;
    after = newest.id;
  }
}

/** Gone already is fine. */
async function erase(rest: REST, channelId: string, messageId: string): Promise<void> {
  const call = async (): Promise<unknown> => await rest.delete(Routes.channelMessage(channelId, messageId));
  try {
    await callDiscord(async () => await inOpenThread(rest, channelId, call));
  } catch (error) {
    if (!(error instanceof SendError) || error.outcome !== 'gone') throw error;
  }
}
