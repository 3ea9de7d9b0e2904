import type { ChatPostMessageArguments, WebClient } from '@slack/web-api';
import { z } from 'zod';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatPort, PostedFiles } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { wordsOf } from '../core/words/words-of.ts';
import { callSlack } from './call-slack.ts';
import { cardBlocks } from './card-blocks.ts';
import { completeUnseen, openSlackFile, readReference, uploadAll } from './files.ts';
import type { UploadedFile } from './files.ts';
import { inertText, plainSection } from './inert-text.ts';
import { DELIVERY_EVENT, removeStrays } from './strays.ts';

/** What Slack takes of one file, as far as is known. */
const UPLOAD_BYTES = 1_000_000_000;
/** `chat.update`: 50 a minute in a workspace, shared by all cards. */
const EDIT_MS = 3000;
const EDIT_SHARE_MS = 1300;
/** With more cards than that Slack's own waits pace them. */
const RAREST_EDIT_MS = 10 * 60_000;
/** Replies after a card that are looked through for its files; new apps are given no more at once. */
const REPLIES_LOOKED_AT = 15;

export interface SlackPortOptions {
  /** The workspace's own client. */
  readonly clientOf: (teamId: string) => Promise<WebClient>;
  /** Files by `chat.update` instead of by a post of their own. */
  readonly fileIds: boolean;
  /** See `openSlackFile`. */
  readonly ownHost: string | null;
}

const sharedFile = z.looseObject({ id: z.string(), name: z.string().nullish(), permalink: z.string().nullish() });
const repliesSchema = z.looseObject({
  messages: z
    .array(
      z.looseObject({ user: z.string().nullish(), text: z.string().nullish(), files: z.array(sharedFile).nullish() }),
    )
    .default([]),
});
const whoSchema = z.looseObject({ user_id: z.string() });
const infoSchema = z.looseObject({ file: sharedFile });

/**
 * Slack as a {@link ChatPort}. Files cannot be edited into a message everywhere, so they go into the card's thread in one post, at most
 * once: the bytes come first and are seen by nobody, and only the last call shows them.
 */
export function createSlackPort({ clientOf, fileIds, ownHost }: SlackPortOptions): ChatPort {
  return {
    editIntervalMs: (_address, liveCards) => Math.min(RAREST_EDIT_MS, Math.max(EDIT_MS, liveCards * EDIT_SHARE_MS)),
    isWorthEditing: () => true,
    fileLimitBytes: async () => await Promise.resolve(UPLOAD_BYTES),
    layout: (files) =>
      fileIds ? { inCard: files, inPlaceholders: [], posted: [] } : { inCard: [], inPlaceholders: [], posted: files },

    async postCard(address, card, nonce) {
      const client = await clientOf(address.botId);
      return await post(client, {
        channel: address.chatId,
        ...inThread(address.threadId),
        ...cardBlocks(card),
        metadata: { event_type: DELIVERY_EVENT, event_payload: { delivery: nonce, job: card.code } },
      });
    },

    async editCard(address, messageId, card, files) {
      const client = await clientOf(address.botId);
      const uploaded = await uploadAll(client, files);
      await completeUnseen(client, uploaded);
      await callSlack(() =>
        client.chat.update({
          channel: address.chatId,
          ts: messageId,
          ...cardBlocks(card),
          parse: 'none',
          ...(uploaded.length === 0 ? {} : { file_ids: uploaded.map(({ id }) => id) }),
        }),
      );
    },

    postPlaceholder: () => Promise.reject(new TypeError('files come in one post here')),
    fillPlaceholder: () => Promise.reject(new TypeError('files come in one post here')),
    async removeStray(address, messageId) {
      const client = await clientOf(address.botId);
      try {
        await callSlack(() => client.chat.delete({ channel: address.chatId, ts: messageId }));
      } catch {
        return false;
      }
      return true;
    },
    removeStrays: async (address, resent) => await removeStrays(await clientOf(address.botId), address, resent),

    async postFiles(address, cardMessageId, card, files) {
      const client = await clientOf(address.botId);
      const uploaded = await uploadAll(client, files);
      const [first, ...rest] = uploaded;
      if (first === undefined) return { messageId: cardMessageId, links: [] };
      const largest = Math.max(...files.map(({ blob }) => blob.bytes));
      await callSlack(
        () =>
          client.files.completeUploadExternal({
            files: [first, ...rest],
            channel_id: address.chatId,
            thread_ts: address.threadId ?? cardMessageId,
            // Letters and digits: whose files these are, for people and for `findPostedFiles`.
            initial_comment: card.code,
          }),
        largest,
      );
      return { messageId: first.id, links: await linksOf(client, uploaded) };
    },

    async findPostedFiles(address, cardMessageId, { code }) {
      const client = await clientOf(address.botId);
      try {
        return await callSlack(() => findInThread(client, address, cardMessageId, code));
      } catch (error) {
        // To be asked again; whatever else went wrong will go wrong then, too.
        if (error instanceof SendError && error.outcome !== 'gone') throw error;
        return null;
      }
    },

    async postExtra(address, cardMessageId, extra) {
      // Slack plays audio files where they stand: a preview would only be one more.
      if (extra.kind !== 'ready') return null;
      const client = await clientOf(address.botId);
      const { requester, card } = extra;
      const mention = requester.platform === 'slack' ? `<@${requester.userId}>` : '';
      const ready = wordsOf(card.language).card.ready(card.title);
      return await post(client, {
        channel: address.chatId,
        thread_ts: address.threadId ?? cardMessageId,
        reply_broadcast: true,
        text: `${mention} ${inertText(ready)}`.trim(),
        blocks: [
          plainSection(ready),
          ...(mention === ''
            ? []
            : [{ type: 'context' as const, elements: [{ type: 'mrkdwn' as const, text: mention }] }]),
        ],
      });
    },

    async privateAddress({ platform, userId }, botId) {
      if (platform !== 'slack') return null;
      const client = await clientOf(botId);
      const { channel } = await callSlack(() => client.conversations.open({ users: userId }));
      return channel?.id === undefined ? null : { platform: 'slack', botId, chatId: channel.id, threadId: null };
    },

    async openAttachment({ reference, name }) {
      const { fileId, teamId } = readReference(reference);
      return { name, bytes: await openSlackFile(await clientOf(teamId), fileId, ownHost) };
    },
  } satisfies ChatPort;
}

/** Titles are texts, and links are buttons: Slack is told to look for neither. */
async function post(client: WebClient, message: ChatPostMessageArguments): Promise<{ readonly messageId: string }> {
  const quiet = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window's
  const { ts } = await callSlack(() => client.chat.postMessage({ ...message, ...quiet }));
  if (ts === undefined) throw new SendError('ambiguous', 'Slack took a message and did not say which it is');
  return { messageId: ts };
}

function inThread(threadId: string | null): { readonly thread_ts?: string } {
  return threadId === null ? {} : { thread_ts: threadId };
}

/** Nice to have: without them the files still stand in the thread. */
async function linksOf(client: WebClient, uploaded: readonly UploadedFile[]): Promise<PostedFiles['links']> {
  const links = await Promise.all(
    uploaded.map(async ({ id, title }) => {
      const info = infoSchema.safeParse(await client.files.info({ file: id }).catch(() => null));
      const url = info.data?.file.permalink ?? null;
      return url === null ? [] : [{ fileName: title, url }];
    }),
  );
  return links.flat();
}

/** A last resort: Slack lets new apps read little history. */
async function findInThread(
  client: WebClient,
  { chatId, threadId }: ChatAddress,
  cardMessageId: string,
  code: string,
): Promise<PostedFiles | null> {
  const { user_id: ourselves } = whoSchema.parse(await client.auth.test());
  const { messages } = repliesSchema.parse(
    await client.conversations.replies({
      channel: chatId,
      ts: threadId ?? cardMessageId,
      oldest: cardMessageId,
      limit: REPLIES_LOOKED_AT,
    }),
  );
  // People may put files into the thread, and write codes; in a thread of theirs other jobs have files of ours.
  const found = messages.find(
    ({ user, text, files }) => user === ourselves && text?.trim() === code && (files?.length ?? 0) > 0,
  );
  const [first] = found?.files ?? [];
  if (found === undefined || first === undefined) return null;
  const links = (found.files ?? []).flatMap(({ name, permalink }) =>
    permalink == null ? [] : [{ fileName: name ?? '', url: permalink }],
  );
  return { messageId: first.id, links };
}
