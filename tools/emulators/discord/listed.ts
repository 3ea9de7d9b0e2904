/** What Discord takes and its OpenAPI description lacks. */
import { z } from 'zod';
import type { ListedCall } from '../core/listed.ts';

const MESSAGES = 'https://docs.discord.com/developers/resources/message';
const WEBHOOKS = 'https://docs.discord.com/developers/resources/webhook';
const RESPONSES = 'https://docs.discord.com/developers/interactions/receiving-and-responding';
const UPLOADS = 'https://docs.discord.com/developers/reference#uploading-files';

/** The description says 4000, which only people with Nitro have. */
const content = z.string().max(2000).nullish();
/** discord.js builds edits as it builds new messages, so these fields of a new message come with an edit, where they do nothing. */
const OF_A_NEW_MESSAGE = {
  content,
  tts: z.literal(false).optional(),
  enforce_nonce: z.literal(false).optional(),
};
/** One upload for each of a message's attachments. */
const FILES = { 'files[n]': z.unknown() };

export const DISCORD_LISTED: readonly ListedCall[] = [
  {
    call: 'POST /channels/{channel_id}/messages',
    page: `${MESSAGES}#create-message`,
    whole: false,
    parameters: { content },
  },
  {
    call: 'PATCH /channels/{channel_id}/messages/{message_id}',
    page: `${MESSAGES}#create-message`,
    whole: false,
    parameters: OF_A_NEW_MESSAGE,
  },
  ...['@original', '{message_id}'].map((message) => ({
    call: `PATCH /webhooks/{webhook_id}/{webhook_token}/messages/${message}`,
    page: `${WEBHOOKS}#execute-webhook`,
    whole: false,
    parameters: OF_A_NEW_MESSAGE,
  })),
  {
    call: 'POST /webhooks/{webhook_id}/{webhook_token}',
    page: UPLOADS,
    whole: false,
    parameters: { ...FILES, content, enforce_nonce: z.literal(false).optional() },
  },
  {
    call: 'POST /interactions/{interaction_id}/{interaction_token}/callback',
    page: `${RESPONSES}#interaction-response-object-messages`,
    whole: false,
    parameters: {
      ...FILES,
      'data.content': content,
      'data.tts': z.boolean().optional(),
      'data.enforce_nonce': z.literal(false).optional(),
    },
  },
];
