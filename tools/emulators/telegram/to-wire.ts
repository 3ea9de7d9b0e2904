/** People, chats and messages as the Bot API writes them. */
import type { ChatFullInfo, Chat as WireChat, Message, User } from 'grammy/types';
import type { Chat, Chats } from './chats.ts';
import type { FileStore } from './file-store.ts';
import type { FormattedText, Media, StoredMessage } from './message.ts';
import type { PersonSeed } from './options.ts';

/** In whose name an anonymous administrator's messages come: a bot, by its flag. */
export const GROUP_ANONYMOUS_BOT: User = {
  id: 1_087_968_824,
  is_bot: true,
  first_name: 'Group',
  username: 'GroupAnonymousBot',
};

export function toUser({ id, isBot, firstName, username, languageCode }: PersonSeed): User {
  return {
    id,
    is_bot: isBot,
    first_name: firstName,
    ...(username !== null && { username }),
    ...(!isBot && { language_code: languageCode }),
  };
}

export function toChat(chat: Chat, people: Chats['people']): WireChat {
  const title = chat.title ?? '';
  switch (chat.type) {
    case 'private': {
      const person = people.get(chat.id);
      return {
        id: chat.id,
        type: 'private',
        first_name: person?.firstName ?? '',
        ...(person !== undefined && person.username !== null && { username: person.username }),
      };
    }
    case 'group':
      return { id: chat.id, type: 'group', title };
    case 'supergroup':
      return { id: chat.id, type: 'supergroup', title, ...(chat.topics !== null && { is_forum: true as const }) };
    case 'channel':
      return { id: chat.id, type: 'channel', title };
  }
}

export function toFullChat(chat: Chat, people: Chats['people']): ChatFullInfo {
  return {
    ...toChat(chat, people),
    accent_color_id: Math.abs(chat.id) % 7,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: false,
      limited_gifts: false,
      unique_gifts: false,
      premium_subscription: false,
      gifts_from_channels: false,
    },
  };
}

export interface WireContext {
  readonly chats: Chats;
  readonly files: FileStore;
}

/** @param withReply false within a reply: replies are shown one deep */
export function toMessage(context: WireContext, message: StoredMessage, withReply = true): Message {
  const { chats } = context;
  const chat = chats.all.get(message.chatId);
  if (chat === undefined) throw new Error(`no chat ${String(message.chatId)}`);
  const from = fromOf(chats, message);
  const senderChat = message.senderChatId === null ? undefined : chats.all.get(message.senderChatId);
  // What stands in a topic answers the topic's first message, unless it answers another one.
  const repliedId = message.replyToId ?? (chat.topics === null ? null : message.threadId);
  const replied = repliedId === null || repliedId === message.id ? undefined : chat.messages.get(repliedId);
  return {
    message_id: message.id,
    ...(from !== null && { from }),
    ...(senderChat !== undefined && { sender_chat: toChat(senderChat, chats.people) }),
    chat: toChat(chat, chats.people),
    date: message.dateSeconds,
    ...(message.editSeconds !== null && { edit_date: message.editSeconds }),
    ...(message.threadId !== null && { message_thread_id: message.threadId }),
    ...(message.threadId !== null && chat.topics !== null && { is_topic_message: true }),
    ...(withReply && replied !== undefined && { reply_to_message: toMessage(context, replied, false) }),
    ...(message.albumId !== null && { media_group_id: message.albumId }),
    ...contentOf(context, message),
    ...(message.keyboard !== null && { reply_markup: message.keyboard }),
  } as Message;
}

function fromOf(chats: Chats, message: StoredMessage): User | null {
  if (message.fromId === GROUP_ANONYMOUS_BOT.id) return GROUP_ANONYMOUS_BOT;
  if (message.fromId === null) return null;
  const person = message.fromId === chats.bot.id ? chats.bot : chats.people.get(message.fromId);
  return person === undefined ? null : toUser(person);
}

function contentOf({ files }: WireContext, { content }: StoredMessage): Readonly<Record<string, unknown>> {
  switch (content.kind) {
    case 'service':
      return content.fields;
    case 'text':
      return {
        text: content.body.text,
        ...(content.body.entities.length > 0 && { entities: content.body.entities }),
        ...(content.linkPreview !== null && { link_preview_options: content.linkPreview }),
      };
    case 'media':
      return { [content.media.kind]: mediaOf(files, content.media), ...captionOf(content.body) };
  }
}

function captionOf({ text, entities }: FormattedText): Readonly<Record<string, unknown>> {
  if (text === '') return {};
  return { caption: text, ...(entities.length > 0 && { caption_entities: entities }) };
}

function mediaOf(files: FileStore, media: Media): unknown {
  const file = files.get(media.fileId);
  if (file === null) throw new Error(`no file ${media.fileId}`);
  const ids = { file_id: file.fileId, file_unique_id: file.uniqueId, file_size: file.bytes.byteLength };
  switch (media.kind) {
    case 'audio':
      return {
        ...ids,
        duration: media.durationSeconds,
        file_name: file.name,
        mime_type: file.mimeType,
        ...(media.title !== null && { title: media.title }),
        ...(media.performer !== null && { performer: media.performer }),
      };
    case 'voice':
      return { ...ids, duration: media.durationSeconds, mime_type: file.mimeType };
    case 'document':
      return { ...ids, file_name: file.name, mime_type: file.mimeType };
    case 'photo':
      return [{ ...ids, ...pictureSize(file.bytes) }];
  }
}

/** Pixels, where the bytes are a PNG's; else what Telegram shows of a camera's picture. */
function pictureSize(bytes: Uint8Array): { width: number; height: number } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isPng = view.length >= 24 && view.readUInt32BE(0) === 0x89504e47;
  return isPng ? { width: view.readUInt32BE(16), height: view.readUInt32BE(20) } : { width: 1280, height: 960 };
}
