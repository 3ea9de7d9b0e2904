import type { ChatPostMessageArguments, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { ChatPort, OpenFile, PostedFiles } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { wordsOf } from '../core/words/words-of.ts';
import { callSlack } from './call-slack.ts';
import { cardBlocks } from './card-blocks.ts';
import { openSlackFile, readReference, uploadUnseen } from './files.ts';
import { inertText } from './inert-text.ts';

/** What Slack takes of one file, as far as is known. */
const UPLOAD_BYTES = 1_000_000_000;
/** `chat.update`: 50 a minute in a workspace, shared by all cards. */
const EDIT_MS = 3000;
const EDIT_SHARE_MS = 1300;
/** Replies of a card's thread that are looked through for files of ours. */
const REPLIES_LOOKED_AT = 100;
export const DELIVERY_EVENT = 'woodshed_delivery';

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
    .array(z.looseObject({ ts: z.string(), bot_id: z.string().nullish(), files: z.array(sharedFile).nullish() }))
    .default([]),
});
const infoSchema = z.looseObject({ file: sharedFile });

/**
 * Slack as a {@link ChatPort}. Files cannot be edited into a message everywhere, so they go into the card's thread in one post, at most
 * once: the bytes come first and are seen by nobody, and only the last call shows them.
 */
export function createSlackPort({ clientOf, fileIds, ownHost }: SlackPortOptions): ChatPort {
  async function linksOf(
    client: WebClient,
    ids: readonly string[],
    files: readonly OpenFile[],
  ): Promise<PostedFiles['links']> {
    const infos = await Promise.all(
      ids.map(async (id) => infoSchema.parse(await client.files.info({ file: id }).catch(() => ({ file: { id } })))),
    );
    return infos.flatMap(({ file }, index) =>
      file.permalink == null ? [] : [{ fileName: files[index]?.fileName ?? file.name ?? '', url: file.permalink }],
    );
  }

  return {
    editIntervalMs: (_address, liveCards) => Math.max(EDIT_MS, liveCards * EDIT_SHARE_MS),
    isWorthEditing: () => true,
    fileLimitBytes: async () => await Promise.resolve(UPLOAD_BYTES),
    layout: (files) =>
      fileIds ? { inCard: files, inPlaceholders: [], posted: [] } : { inCard: [], inPlaceholders: [], posted: files },

    async postCard(address, card, nonce) {
      const client = await clientOf(address.botId);
      const { ts } = await post(client, {
        channel: address.chatId,
        ...inThread(address.threadId),
        ...cardBlocks(card),
        metadata: { event_type: DELIVERY_EVENT, event_payload: { delivery: nonce, job: card.code } },
      });
      return { messageId: ts ?? '' };
    },

    async editCard(address, messageId, card, files) {
      const client = await clientOf(address.botId);
      const ids = await Promise.all(files.map(async (file) => await uploadUnseen(client, file)));
      await callSlack(() =>
        client.chat.update({
          channel: address.chatId,
          ts: messageId,
          ...cardBlocks(card),
          parse: 'none',
          ...(ids.length === 0 ? {} : { file_ids: ids }),
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

    async postFiles(address, cardMessageId, _card, files) {
      const client = await clientOf(address.botId);
      const ids = await Promise.all(files.map(async (file) => await uploadUnseen(client, file)));
      const [first, ...rest] = ids.map((id, index) => ({ id, title: files[index]?.fileName ?? id }));
      if (first === undefined) return { messageId: cardMessageId, links: [] };
      const largest = Math.max(...files.map(({ blob }) => blob.bytes));
      await callSlack(
        () =>
          client.files.completeUploadExternal({
            files: [first, ...rest],
            channel_id: address.chatId,
            thread_ts: address.threadId ?? cardMessageId,
          }),
        largest,
      );
      return { messageId: first.id, links: await linksOf(client, ids, files) };
    },

    async findPostedFiles(address, cardMessageId) {
      const client = await clientOf(address.botId);
      return await findInThread(client, address, cardMessageId).catch(() => null);
    },

    async postExtra(address, cardMessageId, extra) {
      // Slack plays audio files where they stand: a preview would only be one more.
      if (extra.kind === 'preview') return null;
      const client = await clientOf(address.botId);
      const { requester, card } = extra;
      const mention = requester.platform === 'slack' ? `<@${requester.userId}> ` : '';
      const { ts } = await post(client, {
        channel: address.chatId,
        thread_ts: address.threadId ?? cardMessageId,
        reply_broadcast: true,
        text: `${mention}${inertText(wordsOf(card.language).card.ready(card.title))}`,
      });
      return { messageId: ts ?? '' };
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
async function post(client: WebClient, message: ChatPostMessageArguments): Promise<{ readonly ts?: string }> {
  const quiet = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window's
  return await callSlack(() => client.chat.postMessage({ ...message, ...quiet }));
}

function inThread(threadId: string | null): { readonly thread_ts?: string } {
  return threadId === null ? {} : { thread_ts: threadId };
}

/** A last resort: Slack lets new apps read little history. A card's own thread holds the job's files and nobody else's. */
async function findInThread(
  client: WebClient,
  address: ChatAddress,
  cardMessageId: string,
): Promise<PostedFiles | null> {
  // In a thread that people started, other jobs of ours may have put their files too.
  if (address.threadId !== null) return null;
  const { messages } = repliesSchema.parse(
    await client.conversations.replies({ channel: address.chatId, ts: cardMessageId, limit: REPLIES_LOOKED_AT }),
  );
  const posted = messages.find(({ ts, files }) => ts !== cardMessageId && (files?.length ?? 0) > 0);
  if (posted === undefined) return null;
  const links = (posted.files ?? []).flatMap(({ name, permalink }) =>
    permalink == null ? [] : [{ fileName: name ?? '', url: permalink }],
  );
  return { messageId: posted.files?.[0]?.id ?? posted.ts, links };
}
