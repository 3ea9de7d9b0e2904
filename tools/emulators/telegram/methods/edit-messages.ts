/** `editMessageText`, `editMessageCaption`, `editMessageMedia`, `editMessageReplyMarkup`. */
import { isDeepStrictEqual } from 'node:util';
import { badRequest } from '../api-error.ts';
import type { Arguments } from '../arguments.ts';
import { findChat, findMessage } from '../destination.ts';
import { revise } from '../emulation.ts';
import type { Emulation } from '../emulation.ts';
import { readText } from '../formatting/read-text.ts';
import { readKeyboard } from '../inline-keyboard.ts';
import type { Content, StoredMessage } from '../message.ts';
import { toMessage } from '../to-wire.ts';
import type { Method } from './method.ts';
import { readCaption, readInputMedia } from './send-media.ts';
import { MAX_TEXT } from './send-text.ts';

export const editMessageText: Method = (emulation, { args }) => {
  const body = readText(emulation.chats, args, { text: 'text', entities: 'entities' });
  const keyboard = readKeyboard(args);
  if (body.text === '') throw badRequest('message text is empty');
  const message = toEdit(emulation, args);
  if (message.content.kind !== 'text') throw badRequest('there is no text in the message to edit');
  if (body.text.length > MAX_TEXT) throw badRequest('MESSAGE_TOO_LONG');
  const linkPreview = (args.json('link_preview_options') ?? null) as Record<string, unknown> | null;
  return change(emulation, message, { kind: 'text', body, linkPreview }, keyboard);
};

export const editMessageCaption: Method = (emulation, { args }) => {
  const body = readCaption(emulation, args);
  const keyboard = readKeyboard(args);
  const message = toEdit(emulation, args);
  if (message.content.kind !== 'media') throw badRequest('there is no caption in the message to edit');
  return change(emulation, message, { ...message.content, body }, keyboard);
};

/** A text message becomes one with a file; it does not go back. */
export const editMessageMedia: Method = async (emulation, call) => {
  const given = call.args.json('media');
  if (given === undefined) throw badRequest("can't parse input media JSON object");
  const keyboard = readKeyboard(call.args);
  const before = toEdit(emulation, call.args);
  const content = await readInputMedia(emulation, call, given);
  if (content.media.kind === 'voice') throw badRequest("can't use the media of the specified type in the message");
  // Reading may have taken a while: the message is as it is now.
  const message = toEdit(emulation, call.args);
  if (message.albumId !== null && before.content.kind === 'media') {
    const was = before.content.media.kind;
    if (was !== content.media.kind)
      throw badRequest(`message of type ${was} in an album can't be edited to ${content.media.kind}`);
  }
  return change(emulation, message, content, keyboard);
};

export const editMessageReplyMarkup: Method = (emulation, { args }) => {
  const keyboard = readKeyboard(args);
  const message = toEdit(emulation, args);
  return change(emulation, message, message.content, keyboard);
};

function toEdit({ chats }: Emulation, args: Arguments): StoredMessage {
  const chat = findChat(chats, args);
  const message = findMessage(chat, args, 'message to edit');
  if (message.writtenBy !== null || message.content.kind === 'service') throw badRequest("message can't be edited");
  return message;
}

/** A keyboard that is not given is taken away: that is how Telegram reads its absence. */
function change(
  emulation: Emulation,
  message: StoredMessage,
  content: Content,
  keyboard: StoredMessage['keyboard'],
): unknown {
  const chat = emulation.chats.all.get(message.chatId);
  if (chat !== undefined) emulation.flood.pass(chat);
  if (isDeepStrictEqual([message.content, message.keyboard], [content, keyboard])) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  return toMessage(emulation, revise(emulation, message, { content, keyboard }));
}
