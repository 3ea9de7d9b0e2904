/** Messages of an earlier try whose answer was lost: they carry the delivery's nonce, and are not the one that stands. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ResentPlaceholder } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { callSlack } from './call-slack.ts';

/** Of the metadata of every card: `event_payload.delivery` is its nonce. */
export const DELIVERY_EVENT = 'woodshed_delivery';

/** Whoever waits on a lost answer gives up after 15 s; messages need not come in the order in which they were sent. */
const AROUND_SECONDS = 60;
const PAGE_MESSAGES = 100;
/** A chat in which more than this was said in a few minutes keeps its strays. */
const MOST_PAGES = 3;

const pageSchema = z.looseObject({
  messages: z
    .array(
      z.looseObject({
        ts: z.string(),
        metadata: z
          .looseObject({ event_type: z.string(), event_payload: z.looseObject({ delivery: z.string().optional() }) })
          .nullish()
          .catch(null),
      }),
    )
    .default([]),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

/**
 * Reads the place around the time of the tries and deletes the strays; returns how many. What was found is deleted even where Slack asks
 * to wait before the next page.
 */
export async function removeStrays(
  client: WebClient,
  address: ChatAddress,
  resent: readonly ResentPlaceholder[],
): Promise<number> {
  const strays: string[] = [];
  try {
    await findStrays(client, address, resent, strays);
  } finally {
    for (const ts of strays) await erase(client, address.chatId, ts);
  }
  return strays.length;
}

async function findStrays(
  client: WebClient,
  { chatId, threadId }: ChatAddress,
  resent: readonly ResentPlaceholder[],
  strays: string[],
): Promise<void> {
  const standing = new Map(resent.map(({ nonce, messageId }) => [nonce, messageId]));
  // A message's id is the second at which Slack took it: by Slack's own clock, whatever ours says.
  const oldest = Math.min(...resent.map(({ messageId, triedForSeconds }) => Number(messageId) - triedForSeconds));
  const latest = Math.max(...resent.map(({ messageId }) => Number(messageId)));
  const asked = {
    channel: chatId,
    oldest: String(oldest - AROUND_SECONDS),
    latest: String(latest + AROUND_SECONDS),
    include_all_metadata: true,
    limit: PAGE_MESSAGES,
  };
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES && cursor !== ''; pages += 1) {
    const page = { ...asked, ...(cursor === undefined ? {} : { cursor }) };
    const { messages, response_metadata } = pageSchema.parse(
      await callSlack(() =>
        threadId === null
          ? client.conversations.history(page)
          : client.conversations.replies({ ...page, ts: threadId }),
      ),
    );
    for (const { ts, metadata } of messages) {
      if (metadata?.event_type !== DELIVERY_EVENT) continue;
      const stands = standing.get(metadata.event_payload.delivery ?? '');
      if (stands !== undefined && stands !== ts) strays.push(ts);
    }
    cursor = response_metadata?.next_cursor ?? '';
  }
}

/** Gone already is fine. */
async function erase(client: WebClient, channel: string, ts: string): Promise<void> {
  try {
    await callSlack(() => client.chat.delete({ channel, ts }));
  } catch (error) {
    if (!(error instanceof SendError) || error.outcome !== 'gone') throw error;
  }
}
