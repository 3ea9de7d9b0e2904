/** Where the bot stands in a chat, and how that changes: blocked, kicked, taken back, the chat upgraded, closed or gone. */
import { GENERAL } from './chats.ts';
import type { BotStanding, Chat } from './chats.ts';
import { deliver } from './delivery.ts';
import { publish } from './emulation.ts';
import type { Emulation } from './emulation.ts';
import type { StoredMessage } from './message.ts';
import { toChat, toUser } from './to-wire.ts';

/** @returns settles when the bot has confirmed the update */
export async function setBlocked(emulation: Emulation, chat: Chat, isBlocked: boolean): Promise<number | null> {
  if (chat.type !== 'private') throw new RangeError('only a private chat can be blocked');
  const [was, is]: BotStanding[] = isBlocked ? ['member', 'kicked'] : ['kicked', 'member'];
  chat.isBlocked = isBlocked;
  return await announce(emulation, chat, chat.id, was ?? 'member', is ?? 'member');
}

export async function setStanding(emulation: Emulation, chat: Chat, standing: BotStanding): Promise<number | null> {
  const was = chat.botStanding;
  chat.botStanding = standing;
  return await announce(emulation, chat, ownerOf(chat), was, standing);
}

/** The upgrade that Telegram makes by itself when a group grows: a new id, nothing of the old can be written to. */
export function migrate(emulation: Emulation, group: Chat): Chat {
  if (group.type !== 'group' || group.migratedTo !== null) throw new RangeError(`${String(group.id)} is not a group`);
  const supergroup = emulation.chats.add({
    id: -1_002_000_000_000 + group.id,
    type: 'supergroup',
    title: group.title,
    members: [...group.members],
    admins: [...group.admins],
    anonymousAdmins: [...group.anonymousAdmins],
    topics: null,
    botIsAdmin: group.botStanding === 'administrator',
  });
  say(emulation, group, null, 'The group was upgraded to a supergroup', { migrate_to_chat_id: supergroup.id });
  say(emulation, supergroup, null, 'The group was upgraded to a supergroup', { migrate_from_chat_id: group.id });
  group.migratedTo = supergroup.id;
  return supergroup;
}

export function setTopicClosed(emulation: Emulation, chat: Chat, topicId: number, isClosed: boolean): void {
  const topic = chat.topics?.get(topicId);
  if (topic === undefined) throw new RangeError(`no topic ${String(topicId)}`);
  topic.isClosed = isClosed;
  const [line, field] = isClosed ? ['closed', 'forum_topic_closed'] : ['reopened', 'forum_topic_reopened'];
  say(emulation, chat, topicId === GENERAL.id ? null : topicId, `${topic.name} was ${line}`, { [field]: {} });
}

/** A service message of the chat's owner; they reach the bot whatever its privacy. */
function say(
  emulation: Emulation,
  chat: Chat,
  threadId: number | null,
  line: string,
  fields: Readonly<Record<string, unknown>>,
): StoredMessage {
  const message = publish(emulation, {
    chatId: chat.id,
    fromId: ownerOf(chat),
    senderChatId: null,
    writtenBy: ownerOf(chat),
    threadId,
    replyToId: null,
    albumId: null,
    content: { kind: 'service', line, fields },
    keyboard: null,
  });
  void deliver(emulation, message);
  return message;
}

function ownerOf(chat: Chat): number {
  return [...chat.admins, ...chat.members][0] ?? chat.id;
}

async function announce(
  { chats, clock, queue }: Emulation,
  chat: Chat,
  byId: number,
  was: BotStanding,
  is: BotStanding,
): Promise<number | null> {
  const person = chats.people.get(byId);
  const member = (status: BotStanding): Record<string, unknown> => ({
    user: toUser(chats.bot),
    status,
    ...(status === 'kicked' && { until_date: 0 }),
  });
  return await queue.push('my_chat_member', chat.id, {
    chat: toChat(chat, chats.people),
    ...(person !== undefined && { from: toUser(person) }),
    date: Math.floor(clock.nowMs() / 1000),
    old_chat_member: member(was),
    new_chat_member: member(is),
  });
}
