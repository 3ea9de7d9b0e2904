import { readFile } from 'node:fs/promises';
import type { RawFile, REST } from 'discord.js';
import { MessageFlags, Routes } from 'discord.js';
import type { APIChannel, APIMessage } from 'discord.js';
import { FileTooLargeError } from '../../workflows/contract/chat-port.ts';
import type { ChatPort, OpenFile } from '../../workflows/contract/chat-port.ts';
import type { ResultFile } from '../../workflows/contract/delivery.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { wordsOf } from '../core/words/words-of.ts';
import { openDiscordAttachment } from './attachments.ts';
import { callDiscord } from './call-discord.ts';
import { cardMessage } from './card-message.ts';
import { deliveryMark } from './delivery-mark.ts';
import { inOpenThread } from './in-open-thread.ts';
import { inertText } from './inert-text.ts';
import { removeStrays } from './strays.ts';

const FILES_IN_MESSAGE = 10;
/** Discord takes requests of 25 MiB; the rest of the request needs a little of it. */
const REQUEST_BYTES = 24 * 1024 * 1024;
const EDIT_MS = 2000;
/** Discord's own name for a voice message's file. */
const VOICE_FILE = 'voice-message.ogg';

export interface DiscordPortOptions {
  readonly rest: REST;
  /** By the server's boosts. */
  readonly uploadLimitBytes: (channelId: string) => Promise<number>;
  /** See `openDiscordAttachment`. */
  readonly ownHost: string | null;
}

/** Discord as a {@link ChatPort}: a repeated post with the same nonce is the same message for some minutes, and edits carry files. */
export function createDiscordPort({ rest, uploadLimitBytes, ownHost }: DiscordPortOptions): ChatPort {
  async function post(address: ChatAddress, body: object, nonce: string, files: RawFile[] = []): Promise<string> {
    const message = (await callDiscord(() =>
      rest.post(Routes.channelMessages(channelOf(address)), {
        body: { ...body, nonce, enforce_nonce: true },
        ...(files.length === 0 ? {} : { files }),
      }),
    )) as APIMessage;
    return message.id;
  }

  async function edit(
    address: ChatAddress,
    messageId: string,
    body: object,
    files: readonly OpenFile[],
  ): Promise<void> {
    const largest = Math.max(0, ...files.map(({ blob }) => blob.bytes));
    if (files.length > 0) {
      const limit = Math.min(REQUEST_BYTES, await uploadLimitBytes(channelOf(address)));
      if (largest > limit) throw new FileTooLargeError(limit);
    }
    const raw = await Promise.all(files.map(rawFile));
    // The list replaces what was attached by an earlier try.
    const attachments = files.map(({ fileName }, index) => ({ id: String(index), filename: named(fileName) }));
    const send = async (): Promise<unknown> =>
      await rest.patch(Routes.channelMessage(channelOf(address), messageId), {
        body: files.length === 0 ? body : { ...body, attachments },
        ...(raw.length === 0 ? {} : { files: raw }),
      });
    await callDiscord(async () => await inOpenThread(rest, channelOf(address), send), largest);
  }

  return {
    editIntervalMs: (_address, liveCards) => Math.max(EDIT_MS, liveCards * 100),
    isWorthEditing: () => true,
    fileLimitBytes: async (address) => Math.min(REQUEST_BYTES, await uploadLimitBytes(channelOf(address))),
    layout(files) {
      const [inCard = [], ...inPlaceholders] = packed(files);
      return { inCard, inPlaceholders, posted: [] };
    },

    async postCard(address, card, nonce) {
      return { messageId: await post(address, cardMessage(card, deliveryMark(nonce)), nonce) };
    },
    async editCard(address, messageId, card, files) {
      await edit(address, messageId, cardMessage(card), files);
    },

    async postPlaceholder(address, cardMessageId, card, files, nonce) {
      const names = files.map(({ fileName }) => fileName).join(', ');
      const coming = wordsOf(card.language).card.filesComing(names, card.code);
      const content = `${deliveryMark(nonce)}${inertText(coming)}`;
      return { messageId: await post(address, { content, ...quiet, ...replyTo(cardMessageId) }, nonce) };
    },
    async fillPlaceholder(address, messageId, card, files) {
      const content = `**${inertText(card.title)}** · ${card.code}`;
      await edit(address, messageId, { content, ...quiet }, files);
      return [];
    },
    async removeStray(address, messageId) {
      try {
        const erase = async (): Promise<unknown> =>
          await rest.delete(Routes.channelMessage(channelOf(address), messageId));
        await callDiscord(async () => await inOpenThread(rest, channelOf(address), erase));
      } catch {
        return false;
      }
      return true;
    },

    removeStrays: async (address, resent) => await removeStrays(rest, channelOf(address), address.botId, resent),

    postFiles: () => Promise.reject(new TypeError('every file comes in by an edit here')),
    findPostedFiles: async () => await Promise.resolve(null),

    async postExtra(address, cardMessageId, extra, nonce) {
      if (extra.kind === 'ready') {
        const { requester, card } = extra;
        const here = requester.platform === 'discord' ? `<@${requester.userId}> ` : '';
        const content = `${here}${inertText(wordsOf(card.language).card.ready(card.title))}`;
        const allowed_mentions = { parse: [], users: here === '' ? [] : [requester.userId] };
        return { messageId: await post(address, { content, allowed_mentions, ...replyTo(cardMessageId) }, nonce) };
      }
      if (extra.kind !== 'preview') return null;
      const { preview, path } = extra;
      const voice = {
        id: '0',
        filename: VOICE_FILE,
        duration_secs: preview.durationSeconds,
        waveform: preview.waveformBase64,
      };
      // A voice message holds that one file and nothing else: no text, no reply.
      const body = { flags: MessageFlags.IsVoiceMessage, attachments: [voice] };
      const file = { name: VOICE_FILE, data: await readFile(path), contentType: 'audio/ogg' };
      return { messageId: await post(address, body, nonce, [file]) };
    },

    async privateAddress({ platform, userId }, botId) {
      if (platform !== 'discord') return null;
      const channel = (await callDiscord(() =>
        rest.post(Routes.userChannels(), { body: { recipient_id: userId } }),
      )) as APIChannel;
      return { platform: 'discord', botId, chatId: channel.id, threadId: null };
    },

    async openAttachment({ reference, name }) {
      return { name, bytes: await openDiscordAttachment(rest, reference, ownHost) };
    },
  } satisfies ChatPort;
}

const quiet = { allowed_mentions: { parse: [] } } as const;

/** A card that somebody deleted meanwhile must not keep a file from coming. */
function replyTo(cardMessageId: string): object {
  return { message_reference: { message_id: cardMessageId, fail_if_not_exists: false } };
}

/** A thread, and a forum's post, is a channel of its own. */
function channelOf({ chatId, threadId }: ChatAddress): string {
  return threadId ?? chatId;
}

/** Discord takes no file without a name. */
function named(fileName: string): string {
  return fileName === '' ? 'file' : fileName;
}

async function rawFile({ path, fileName }: OpenFile): Promise<RawFile> {
  return { name: named(fileName), data: await readFile(path) };
}

/** Messages of at most ten files and 24 MiB, in the order of the files; sounds first, as they are what people came for. */
function packed(files: readonly ResultFile[]): ResultFile[][] {
  const order = { sound: 0, picture: 1, document: 2, data: 3 };
  const packs: ResultFile[][] = [];
  let bytes = 0;
  for (const file of files.toSorted((a, b) => order[a.kind] - order[b.kind])) {
    const pack = packs.at(-1);
    if (pack === undefined || pack.length === FILES_IN_MESSAGE || bytes + file.blob.bytes > REQUEST_BYTES) {
      packs.push([file]);
      bytes = file.blob.bytes;
    } else {
      pack.push(file);
      bytes += file.blob.bytes;
    }
  }
  return packs;
}
