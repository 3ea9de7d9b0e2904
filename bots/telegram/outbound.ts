import { InputFile } from 'grammy';
import type { InputMediaPhoto, Message } from 'grammy/types';
import type { Card } from '../../workflows/contract/card.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { wordsOf } from '../core/words/words-of.ts';
import { readReference } from './attachment-reference.ts';
import { callTelegram } from './call-telegram.ts';
import { CAPTION_LIMIT, cardKeyboard, cardText, TEXT_LIMIT } from './card-text.ts';
import { openTelegramFile } from './download.ts';
import type { Downloads } from './download.ts';
import { writeText } from './formatted-text.ts';
import type { TextWriter } from './formatted-text.ts';
import { inReplyTo, inTopic } from './placement.ts';
import { MOST_IN_GROUP, postDocuments } from './post-documents.ts';
import { mediaOf, sentFiles } from './result-media.ts';
import { postStemAlbum } from './stem-album.ts';
import { upload } from './upload.ts';

/** What Telegram's servers take from bots, and a server with `--local`. */
const CLOUD_UPLOAD_BYTES = 50 * 1_000_000;
const LOCAL_UPLOAD_BYTES = 2_000_000_000;
/** About one message a second in private, twenty edits a minute in a group, shared by all its cards. */
const PRIVATE_EDIT_MS = 5000;
const GROUP_EDIT_MS = 15_000;
/** In a group a change smaller than this is not worth one of those edits. */
const LEAST_STEP = 0.1;

/**
 * Telegram as a {@link ChatPort}. Bots cannot read a chat, so what an ambiguous post left stays: only placeholders are ever sent again,
 * and each sound comes into a placeholder of its own, since a message holds one file. Documents come together, at most once.
 */
export function createTelegramPort(downloads: Downloads): ChatPort {
  const { api } = downloads;
  const uploadLimit = downloads.isLocal ? LOCAL_UPLOAD_BYTES : CLOUD_UPLOAD_BYTES;

  async function reply(
    address: ChatAddress,
    cardMessageId: string,
    text: TextWriter,
    isQuiet: boolean,
  ): Promise<{ readonly messageId: string }> {
    const { text: words, entities } = text.end(TEXT_LIMIT);
    const message = await callTelegram(() =>
      api.sendMessage(Number(address.chatId), words, {
        entities,
        ...inTopic(address),
        ...inReplyTo(Number(cardMessageId)),
        ...(isQuiet ? { disable_notification: true } : {}),
      }),
    );
    return { messageId: String(message.message_id) };
  }

  return {
    editIntervalMs: ({ chatId }) => (isGroup(chatId) ? GROUP_EDIT_MS : PRIVATE_EDIT_MS),
    isWorthEditing: ({ chatId }, before, after) =>
      !isGroup(chatId) ||
      stageOf(before) !== stageOf(after) ||
      before.body.join() !== after.body.join() ||
      step(before, after) >= LEAST_STEP,
    fileLimitBytes: async () => await Promise.resolve(uploadLimit),
    layout(files) {
      const [picture, ...pictures] = files.filter(({ kind }) => kind === 'picture');
      const sounds = files.filter(({ kind }) => kind === 'sound');
      const documents = files.filter(({ kind }) => kind === 'document');
      // A message holds one file: a picture of every stem, and data that nobody opens on a phone, would be half of what is seen.
      const beside = documents.length === 0 ? [] : [...pictures, ...documents];
      return {
        inCard: picture === undefined ? [] : [picture],
        inPlaceholders: [...sounds, ...beside.slice(MOST_IN_GROUP)].map((file) => [file]),
        posted: beside.slice(0, MOST_IN_GROUP),
      };
    },

    async postCard(address, card) {
      const { text, entities } = cardText(card, TEXT_LIMIT);
      const keyboard = cardKeyboard(card);
      const message = await callTelegram(() =>
        api.sendMessage(Number(address.chatId), text, {
          entities,
          ...inTopic(address),
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
      const coming = wordsOf(card.language).card.filesComing(names, card.code);
      return await reply(address, cardMessageId, writeText().inert(coming), true);
    },

    async fillPlaceholder({ chatId }, messageId, card, files) {
      const [file] = files;
      if (file === undefined) return [];
      const message = await upload<Message | true>(
        file.blob.bytes,
        uploadLimit,
        () => api.editMessageMedia(Number(chatId), Number(messageId), mediaOf(card, file)),
        true,
      );
      return sentFiles(file, message);
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

    async postFiles(address, cardMessageId, _card, files) {
      return { ...(await postDocuments(api, address, cardMessageId, files, uploadLimit)), links: [] };
    },
    // Bots cannot read a chat.
    findPostedFiles: async () => await Promise.resolve(null),

    async postExtra(address, cardMessageId, extra) {
      const { card } = extra;
      const words = wordsOf(card.language).card;
      switch (extra.kind) {
        case 'preview':
          // Stems play where they stand: a preview would only be one more message.
          return null;
        case 'album':
          return await postStemAlbum(api, address, { card, cardMessageId, songs: extra.songs }, uploadLimit);
        case 'no-album':
          return await reply(address, cardMessageId, writeText().inert(words.noAlbum(card.title)), false);
        case 'ready': {
          const { displayName, userId } = extra.requester;
          const writer = writeText();
          // An anonymous admin and a channel have a chat's id: nobody can be called by it.
          if (isPerson(userId)) writer.mention(displayName, Number(userId)).plain(' ');
          return await reply(address, cardMessageId, writer.inert(words.ready(card.title)), false);
        }
      }
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

function stageOf(card: Card): string {
  return card.stages.find(({ mark }) => mark === 'running')?.stage ?? card.state;
}

function step(before: Card, after: Card): number {
  return Math.abs((after.fraction ?? 0) - (before.fraction ?? 0));
}
