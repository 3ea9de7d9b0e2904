/** `deleteMessage`, `deleteMessages`, `copyMessage`. */
import { badRequest } from '../api-error.ts';
import type { Chat } from '../chats.ts';
import { findChat, findDestination, findMessage } from '../destination.ts';
import { publish, remove } from '../emulation.ts';
import type { Emulation } from '../emulation.ts';
import { readKeyboard } from '../inline-keyboard.ts';
import type { Content, StoredMessage } from '../message.ts';
import type { Method } from './method.ts';
import { readCaption } from './send-media.ts';
import { asBot } from './send-text.ts';

const DELETABLE_MS = 48 * 3_600_000;

export const deleteMessage: Method = (emulation, { args }) => {
  const chat = findChat(emulation.chats, args);
  const message = findMessage(chat, args, 'message to delete');
  if (!mayDelete(emulation, chat, message)) throw badRequest("message can't be deleted");
  remove(emulation, message);
  return true;
};

/** Unknown ones are passed over. */
export const deleteMessages: Method = (emulation, { args }) => {
  const ids = args.json('message_ids');
  if (!Array.isArray(ids)) throw badRequest('message identifiers are not specified');
  if (ids.length > 100) throw badRequest('too many message identifiers specified');
  const chat = findChat(emulation.chats, args);
  const found = ids.flatMap((id: unknown) => chat.messages.get(Number(id)) ?? []);
  if (found.some((message) => !mayDelete(emulation, chat, message))) throw badRequest("message can't be deleted");
  for (const message of found) remove(emulation, message);
  return true;
};

/** Own ones for 48 hours, others' in a private chat, all as an administrator. */
function mayDelete({ clock }: Emulation, chat: Chat, message: StoredMessage): boolean {
  if (chat.botStanding === 'administrator' && chat.type !== 'private') return true;
  const isRecent = clock.nowMs() - message.dateSeconds * 1000 < DELETABLE_MS;
  return isRecent && (message.writtenBy === null || chat.type === 'private');
}

export const copyMessage: Method = (emulation, { args }) => {
  const destination = findDestination(emulation.chats, args);
  const source = findChat(emulation.chats, args.within({ chat_id: args.text('from_chat_id') }));
  const { content } = findMessage(source, args, 'message to copy');
  if (content.kind === 'service') throw badRequest("message can't be copied");
  const copied: Content =
    content.kind === 'media' && args.has('caption') ? { ...content, body: readCaption(emulation, args) } : content;
  emulation.flood.pass(destination.chat);
  const keyboard = readKeyboard(args);
  const message = publish(emulation, { ...asBot(emulation, destination), albumId: null, content: copied, keyboard });
  return { message_id: message.id };
};
