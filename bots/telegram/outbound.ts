import { InputFile } from 'grammy';
import type { InputMediaAudio, InputMediaDocument, InputMediaPhoto } from 'grammy/types';
import type { Card } from '../../workflows/contract/card.ts';
import { FileTooLargeError } from '../../workflows/contract/chat-port.ts';
import type { ChatPort, OpenFile } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { wordsOf } from '../core/words/words-of.ts';
import { readReference } from './attachment-reference.ts';
import { callTelegram } from './call-telegram.ts';
import { CAPTION_LIMIT, cardKeyboard, cardText, TEXT_LIMIT } from './card-text.ts';
import { openTelegramFile } from './download.ts';
import type { Downloads } from './download.ts';
import { writeText } from './formatted-text.ts';

/** What Telegram's servers take from bots, and a server with `--local`. */
const CLOUD_UPLOAD_BYTES = 50 * 1_000_000;
const LOCAL_UPLOAD_BYTES = 2_000_000_000;
/** About one message a second in private, twenty edits a minute in a group, shared by all its cards. */
const PRIVATE_EDIT_MS = 5000;
const GROUP_EDIT_MS = 15_000;
/** In a group a change smaller than this is not worth one of those edits. */
const LEAST_STEP = 0.1;

const MUSIC = /\.(?:mp3|m4a)$/u;

/**
 * Telegram as a {@link ChatPort}. Bots cannot read a chat, so what an ambiguous post left stays: only placeholders are ever sent again,
 * and each stem comes into a placeholder of its own, since a message holds one file.
 */
export function createTelegramPort(downloads: Downloads): ChatPort {
  const { api } = downloads;
  const uploadLimit = downloads.isLocal ? LOCAL_UPLOAD_BYTES : CLOUD_UPLOAD_BYTES;

  async function fillWith(chatId: number, messageId: number, card: Card, file: OpenFile): Promise<void> {
    if (file.blob.bytes > uploadLimit) throw new FileTooLargeError(uploadLimit);
    try {
      await callTelegram<unknown>(() => api.editMessageMedia(chatId, messageId, mediaOf(card, file)), true);
    } catch (error) {
      throw error instanceof FileTooLargeError
        ? new FileTooLargeError(Math.min(uploadLimit, file.blob.bytes - 1))
        : error;
    }
  }

  return {
    editIntervalMs: ({ chatId }) => (isGroup(chatId) ? GROUP_EDIT_MS : PRIVATE_EDIT_MS),
    isWorthEditing: ({ chatId }, before, after) =>
      !isGroup(chatId) || stageOf(before) !== stageOf(after) || step(before, after) >= LEAST_STEP,
    fileLimitBytes: async () => await Promise.resolve(uploadLimit),
    layout(files) {
      const picture = files.find(({ kind }) => kind === 'picture');
      const sounds = files.filter(({ kind }) => kind === 'sound');
      // A message holds one file: a picture of every stem, and data that nobody opens on a phone, would be half of what is seen.
      return {
        inCard: picture === undefined ? [] : [picture],
        inPlaceholders: sounds.map((file) => [file]),
        posted: [],
      };
    },

    async postCard(address, card) {
      const { text, entities } = cardText(card, TEXT_LIMIT);
      const keyboard = cardKeyboard(card);
      const message = await callTelegram(() =>
        api.sendMessage(Number(address.chatId), text, {
          entities,
          ...place(address),
          ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
          link_preview_options: { is_disabled: true },
          disable_notification: true,
        }),
      );
      return { messageId: String(message.message_id) };
    },

    async editCard({ chatId }, messageId, card, files) {
      const keyboard = cardKeyboard(card) ?? { inline_keyboard: [] };
      const [picture] = files;
      if (picture === undefined) {
        const { text, entities } = cardText(card, TEXT_LIMIT);
        await callTelegram<unknown>(
          () =>
            api.editMessageText(Number(chatId), Number(messageId), text, {
              entities,
              reply_markup: keyboard,
              link_preview_options: { is_disabled: true },
            }),
          true,
        );
        return;
      }
      const { text: caption, entities: caption_entities } = cardText(card, CAPTION_LIMIT);
      const media: InputMediaPhoto = {
        type: 'photo',
        media: new InputFile(picture.path, picture.fileName),
        caption,
        caption_entities,
      };
      await callTelegram<unknown>(
        () => api.editMessageMedia(Number(chatId), Number(messageId), media, { reply_markup: keyboard }),
        true,
      );
    },

    async postPlaceholder(address, cardMessageId, card, files) {
      const names = files.map(({ fileName }) => fileName).join(', ');
      const { text, entities } = writeText()
        .inert(wordsOf(card.language).card.filesComing(names, card.code))
        .end(TEXT_LIMIT);
      const message = await callTelegram(() =>
        api.sendMessage(Number(address.chatId), text, {
          entities,
          ...place(address),
          ...replyTo(cardMessageId),
          disable_notification: true,
        }),
      );
      return { messageId: String(message.message_id) };
    },

    async fillPlaceholder({ chatId }, messageId, card, files) {
      const [file] = files;
      if (file !== undefined) await fillWith(Number(chatId), Number(messageId), card, file);
    },

    async removeStray({ chatId }, messageId) {
      try {
        await callTelegram(() => api.deleteMessage(Number(chatId), Number(messageId)));
        return true;
      } catch {
        // Older than two days, or no right to: it says itself where to look instead.
        return false;
      }
    },

    postFiles: () => Promise.reject(new TypeError('every file comes into a placeholder here')),
    findPostedFiles: async () => await Promise.resolve(null),

    async postExtra(address, cardMessageId, extra) {
      // Stems play where they stand: a preview would only be one more message.
      if (extra.kind === 'preview') return null;
      const { requester, card } = extra;
      const writer = writeText();
      // An anonymous admin and a channel have a chat's id: nobody can be called by it.
      if (isPerson(requester.userId)) writer.mention(requester.displayName, Number(requester.userId)).plain(' ');
      const { text, entities } = writer.inert(wordsOf(card.language).card.ready(card.title)).end(TEXT_LIMIT);
      const message = await callTelegram(() =>
        api.sendMessage(Number(address.chatId), text, { entities, ...place(address), ...replyTo(cardMessageId) }),
      );
      return { messageId: String(message.message_id) };
    },

    async privateAddress({ userId }, botId) {
      return await Promise.resolve(
        isPerson(userId) ? { platform: 'telegram', botId, chatId: userId, threadId: null } : null,
      );
    },

    async openAttachment({ reference, name }) {
      return { name, bytes: await openTelegramFile(downloads, readReference(reference).fileId) };
    },
  } satisfies ChatPort;
}

function isPerson(userId: string): boolean {
  return /^\d+$/u.test(userId);
}

function isGroup(chatId: string): boolean {
  return chatId.startsWith('-');
}

function place({ threadId }: ChatAddress): { readonly message_thread_id?: number } {
  return threadId === null ? {} : { message_thread_id: Number(threadId) };
}

/** A card that somebody deleted meanwhile must not keep a file from coming. */
function replyTo(cardMessageId: string): {
  readonly reply_parameters: { readonly message_id: number; readonly allow_sending_without_reply: true };
} {
  return { reply_parameters: { message_id: Number(cardMessageId), allow_sending_without_reply: true } };
}

function stageOf(card: Card): string {
  return card.stages.find(({ mark }) => mark === 'running')?.stage ?? card.state;
}

function step(before: Card, after: Card): number {
  return Math.abs((after.fraction ?? 0) - (before.fraction ?? 0));
}

/** The music player takes MP3 and M4A alone; anything else is a document. */
function mediaOf(card: Card, file: OpenFile): InputMediaAudio | InputMediaDocument {
  const media = new InputFile(file.path, file.fileName);
  return MUSIC.test(file.fileName)
    ? {
        type: 'audio',
        media,
        title: file.name,
        performer: card.title,
        ...(file.durationSeconds === null ? {} : { duration: Math.round(file.durationSeconds) }),
      }
    : { type: 'document', media, disable_content_type_detection: true };
}
