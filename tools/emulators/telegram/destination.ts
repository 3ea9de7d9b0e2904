/** Where a method acts: the chat, the topic and the message that it names, with every reason why it may not. */
import { badRequest, forbidden, upgraded } from './api-error.ts';
import type { Arguments } from './arguments.ts';
import { GENERAL } from './chats.ts';
import type { Chat, Chats } from './chats.ts';
import type { StoredMessage } from './message.ts';

/** @throws ApiError 400 where there is no such chat, 403 where the bot may not write there */
export function findChat(chats: Chats, args: Arguments): Chat {
  const given = args.text('chat_id').trim();
  if (given === '') throw badRequest('chat_id is empty');
  const chat = /^-?\d+$/u.test(given) ? chats.all.get(Number(given)) : undefined;
  if (chat === undefined) {
    if (chats.people.has(Number(given))) throw forbidden("bot can't initiate conversation with a user");
    throw badRequest('chat not found');
  }
  if (chat.migratedTo !== null) throw upgraded(chat.migratedTo);
  if (chat.isDeleted)
    throw chat.type === 'group' ? forbidden('the group chat was deleted') : badRequest('chat not found');
  if (chat.refusal !== null) throw chat.refusal;
  if (chat.isBlocked) throw forbidden('bot was blocked by the user');
  if (chat.botStanding === 'kicked') throw forbidden(`bot was kicked from the ${chat.type} chat`);
  if (chat.botStanding === 'left') throw forbidden(`bot is not a member of the ${chat.type} chat`);
  return chat;
}

export interface Destination {
  readonly chat: Chat;
  readonly threadId: number | null;
  readonly replyToId: number | null;
}

/** @throws ApiError 400 about the topic or the message to be replied to */
export function findDestination(chats: Chats, args: Arguments): Destination {
  const reply = readReply(args);
  const chat = findChat(chats, args);
  const asked = args.integer('message_thread_id', 0);
  const replied = reply === null ? undefined : chat.messages.get(reply.messageId);
  if (reply !== null && replied === undefined && !reply.isOptional) throw badRequest('message to be replied not found');
  if (chat.topics === null) {
    // A group without topics takes any thread for none; a private chat knows that it has none.
    if (asked !== 0 && chat.type === 'private') throw badRequest('message thread not found');
    const root = chat.type === 'supergroup' && replied !== undefined ? (replied.threadId ?? replied.id) : null;
    return { chat, threadId: root, replyToId: replied?.id ?? null };
  }
  const topic = asked === 0 ? undefined : chat.topics.get(asked);
  // General has the number 1 and yet is reached only by naming no topic.
  if (asked !== 0 && (topic === undefined || asked === GENERAL.id)) throw badRequest('message thread not found');
  const threadId = topic?.id ?? replied?.threadId ?? null;
  const isClosed = chat.topics.get(threadId ?? GENERAL.id)?.isClosed === true;
  if (isClosed && chat.botStanding !== 'administrator') throw badRequest('TOPIC_CLOSED');
  return { chat, threadId, replyToId: replied?.id ?? null };
}

interface Reply {
  readonly messageId: number;
  readonly isOptional: boolean;
}

function readReply(args: Arguments): Reply | null {
  const given = args.json('reply_parameters');
  if (given === undefined) {
    const messageId = args.integer('reply_to_message_id', 0);
    return messageId === 0 ? null : { messageId, isOptional: args.flag('allow_sending_without_reply') };
  }
  if (typeof given !== 'object' || given === null) throw badRequest('object expected as reply parameters');
  const fields = args.within(given as Record<string, unknown>);
  const messageId = fields.integer('message_id', 0);
  return messageId === 0 ? null : { messageId, isOptional: fields.flag('allow_sending_without_reply') };
}

/** @param role how the error names it, such as "message to edit" */
export function findMessage(chat: Chat, args: Arguments, role: string): StoredMessage {
  const id = args.integer('message_id', 0);
  if (id === 0) throw badRequest('message identifier is not specified');
  const message = chat.messages.get(id);
  if (message === undefined) throw badRequest(`${role} not found`);
  return message;
}
