/** What Slack's payloads ask of us. Everything from outside is looked at here, once. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { mayBeSong, slackFileSchema, songOf } from './files.ts';
import type { Song } from './files.ts';

const id = z.string().min(1).max(64);
/**
 * Slack writes some signs as five, and a song's words may be 10,000 letters: what is cut off here is too long in any spelling, and told to be
 * so, instead of Slack's own words for what it got no answer to.
 */
const MOST_TEXT = 60_000;
const timestamp = z.string().regex(/^\d{1,12}\.\d{1,8}$/u);

export const commandSchema = z.looseObject({
  command: z.string().max(64),
  text: z
    .string()
    .default('')
    .transform((text) => text.slice(0, MOST_TEXT)),
  team_id: id,
  channel_id: id,
  user_id: id,
  user_name: z.string().max(256).default(''),
  trigger_id: z.string().min(1).max(512),
});

export const messageSchema = z.looseObject({
  ts: timestamp,
  thread_ts: timestamp.optional(),
  channel: id,
  channel_type: z.string().optional(),
  subtype: z.string().optional(),
  text: z.string().default(''),
  user: id.optional(),
  bot_id: z.string().nullish(),
  app_id: z.string().nullish(),
  hidden: z.boolean().optional(),
  files: z.array(slackFileSchema).default([]),
});
export type SlackMessage = z.output<typeof messageSchema>;

export const shortcutSchema = z.looseObject({
  callback_id: z.string().max(255),
  trigger_id: z.string().min(1).max(512),
  team: z.looseObject({ id }),
  user: z.looseObject({ id, name: z.string().optional() }),
  channel: z.looseObject({ id }),
  message: z.looseObject({
    ts: timestamp,
    thread_ts: timestamp.optional(),
    files: z.array(slackFileSchema).default([]),
  }),
});

export const pressSchema = z.looseObject({
  trigger_id: z.string().min(1).max(512),
  team: z.looseObject({ id }),
  user: z.looseObject({ id, name: z.string().optional(), username: z.string().optional() }),
  channel: z.looseObject({ id }).optional(),
  message: z.looseObject({ ts: timestamp, thread_ts: timestamp.optional() }).optional(),
  view: z.looseObject({ type: z.string(), private_metadata: z.string().max(3000).optional() }).optional(),
  actions: z
    .array(
      z.looseObject({
        action_id: z.string().max(255),
        value: z.string().max(2000).optional(),
        selected_option: z.looseObject({ value: z.string().max(150) }).nullish(),
      }),
    )
    .min(1),
});

/** What was pressed, or chosen in a menu: an entry's value is what a button's id is. */
export function actionOf({ actions: [action] }: Pick<z.output<typeof pressSchema>, 'actions'>): string {
  return action?.selected_option?.value ?? action?.action_id ?? '';
}

/** Commands, buttons and menus carry no id of their own; the trigger is made once for each. */
export function triggerKey(triggerId: string): string {
  return `trigger-${createHash('sha256').update(triggerId).digest('hex').slice(0, 32)}`;
}

export function addressIn(teamId: string, channelId: string, threadTs: string | undefined): ChatAddress {
  return { platform: 'slack', botId: teamId, chatId: channelId, threadId: threadTs ?? null };
}

/** What the page was given by `homeView`. */
export function directChatOf(view: z.output<typeof pressSchema>['view']): string | null {
  const channel = view?.private_metadata ?? '';
  return /^D[0-9A-Z]{1,63}$/u.test(channel) ? channel : null;
}

export function requesterNamed(userId: string, name: string | null | undefined): Requester {
  return { platform: 'slack', userId, displayName: displayTitle(name == null || name === '' ? userId : name) };
}

export function songsIn(files: SlackMessage['files'], teamId: string): readonly Song[] {
  return files.filter(mayBeSong).map((file) => songOf(file, teamId));
}

/** What people wrote; not edits, deletions, joins, other bots, or ourselves. */
export function isSpokenByPerson({ subtype, bot_id: botId, hidden, user }: SlackMessage): boolean {
  const ordinary = subtype === undefined || subtype === 'file_share' || subtype === 'thread_broadcast';
  return ordinary && botId == null && hidden !== true && user !== undefined;
}

/** Slack writes links as `<url>` or `<url|what is shown>`, and three signs as entities. */
export function typedText(text: string): string {
  return text
    .replaceAll(/<((?:https?|mailto):[^<>|]+)(?:\|[^<>]*)?>/gu, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** What follows a mention of the bot; null where the message does not begin with one. */
export function afterMention(text: string, botUserId: string): string | null {
  const mention = `<@${botUserId}`;
  const trimmed = text.trimStart();
  if (!trimmed.startsWith(mention)) return null;
  const end = trimmed.indexOf('>');
  return end < 0 ? null : typedText(trimmed.slice(end + 1));
}
