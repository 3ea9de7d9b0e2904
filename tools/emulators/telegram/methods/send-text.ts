/** `sendMessage` and `sendChatAction`. */
import { badRequest } from '../api-error.ts';
import { findChat, findDestination } from '../destination.ts';
import type { Destination } from '../destination.ts';
import { publish } from '../emulation.ts';
import type { Emulation, NewMessage } from '../emulation.ts';
import { readText } from '../formatting/read-text.ts';
import { readKeyboard } from '../inline-keyboard.ts';
import { toMessage } from '../to-wire.ts';
import type { Method } from './method.ts';

/** UTF-16 units, after the mark-up is gone. */
export const MAX_TEXT = 4096;

export const sendMessage: Method = (emulation, { args }) => {
  const body = readText(emulation.chats, args, { text: 'text', entities: 'entities' });
  const keyboard = readKeyboard(args);
  if (body.text === '') throw badRequest('message text is empty');
  if (body.text.length > MAX_TEXT) throw badRequest('message is too long');
  const linkPreview = args.json('link_preview_options');
  const destination = findDestination(emulation.chats, args);
  emulation.flood.pass(destination.chat);
  const message = publish(emulation, {
    ...asBot(emulation, destination),
    albumId: null,
    content: { kind: 'text', body, linkPreview: (linkPreview ?? null) as Record<string, unknown> | null },
    keyboard,
  });
  return toMessage(emulation, message);
};

/** In a channel the bot's posts are the channel's. */
export function asBot(
  { chats }: Emulation,
  { chat, threadId, replyToId }: Destination,
): Omit<NewMessage, 'albumId' | 'content' | 'keyboard'> {
  const isPost = chat.type === 'channel';
  return {
    chatId: chat.id,
    fromId: isPost ? null : chats.bot.id,
    senderChatId: isPost ? chat.id : null,
    writtenBy: null,
    threadId,
    replyToId,
  };
}

const ACTIONS = new Set(
  ['typing', 'upload_photo', 'record_video', 'upload_video', 'record_voice', 'upload_voice', 'upload_document'].concat([
    'choose_sticker',
    'find_location',
    'record_video_note',
    'upload_video_note',
    'record_audio',
    'upload_audio',
    'cancel',
  ]),
);

/** Shown for five seconds above the text field, and nowhere kept. */
export const sendChatAction: Method = ({ chats }, { args }) => {
  if (!ACTIONS.has(args.text('action'))) throw badRequest('wrong parameter action in request');
  findChat(chats, args);
  return true;
};
