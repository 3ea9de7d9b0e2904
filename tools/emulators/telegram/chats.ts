/** The chats, people and messages of an emulated Telegram. */
import { seededRandom } from '../core/seeded-random.ts';
import type { ApiError } from './api-error.ts';
import type { ChatSeed, PersonSeed, TopicSeed } from './options.ts';
import type { StoredMessage } from './message.ts';

export interface Topic {
  readonly id: number;
  readonly name: string;
  isClosed: boolean;
}

/** Every forum has it; the bot reaches it by naming no topic. */
export const GENERAL: TopicSeed = { id: 1, name: 'General' };

export type BotStanding = 'member' | 'administrator' | 'left' | 'kicked';

export interface Chat {
  readonly id: number;
  readonly type: ChatSeed['type'];
  readonly title: string | null;
  readonly members: Set<number>;
  readonly admins: Set<number>;
  readonly anonymousAdmins: Set<number>;
  /** Null: not a forum. */
  readonly topics: Map<number, Topic> | null;
  botStanding: BotStanding;
  /** Private chats: the person has stopped the bot. */
  isBlocked: boolean;
  migratedTo: number | null;
  isDeleted: boolean;
  /** What the bot hears there whatever it does; null: nothing stands in its way. */
  refusal: ApiError | null;
  readonly messages: Map<number, StoredMessage>;
}

export interface Chats {
  readonly bot: PersonSeed;
  readonly people: ReadonlyMap<number, PersonSeed>;
  readonly all: ReadonlyMap<number, Chat>;
  add(seed: ChatSeed): Chat;
  byUsername(username: string): PersonSeed | null;
  /** Supergroups and channels count their own messages, everything else shares one count. */
  nextMessageId(chat: Chat): number;
  /** A long number that stands nowhere else, as text: of albums, presses, chat instances. */
  nextLongId(): string;
  keep(message: StoredMessage): void;
}

export function createChats(
  bot: PersonSeed,
  people: readonly PersonSeed[],
  seeds: readonly ChatSeed[],
  seed: number,
): Chats {
  const peopleById = new Map(people.map((person) => [person.id, person]));
  const all = new Map<number, Chat>();
  const random = seededRandom(seed);
  let sharedMessageId = 100;
  const ownMessageIds = new Map<number, number>();
  let longId = BigInt(Math.floor(random() * 2 ** 40)) << 20n;

  const chats: Chats = {
    bot,
    people: peopleById,
    all,
    add(chatSeed) {
      const strangers = [...chatSeed.members, ...chatSeed.admins].filter((id) => !peopleById.has(id));
      if (strangers.length > 0)
        throw new RangeError(`chat ${String(chatSeed.id)} has unknown people: ${strangers.join()}`);
      const chat: Chat = {
        id: chatSeed.id,
        type: chatSeed.type,
        title: chatSeed.title,
        members: new Set(chatSeed.members),
        admins: new Set(chatSeed.admins),
        anonymousAdmins: new Set(chatSeed.anonymousAdmins),
        topics:
          chatSeed.topics === null
            ? null
            : new Map([GENERAL, ...chatSeed.topics].map(({ id, name }) => [id, { id, name, isClosed: false }])),
        // In a channel a bot can only be an administrator.
        botStanding: chatSeed.botIsAdmin || chatSeed.type === 'channel' ? 'administrator' : 'member',
        isBlocked: false,
        migratedTo: null,
        isDeleted: false,
        refusal: null,
        messages: new Map(),
      };
      all.set(chat.id, chat);
      return chat;
    },
    byUsername(username) {
      const wanted = username.toLowerCase();
      return [bot, ...peopleById.values()].find((person) => person.username?.toLowerCase() === wanted) ?? null;
    },
    nextMessageId(chat) {
      if (chat.type === 'private' || chat.type === 'group') return ++sharedMessageId;
      // Topics are named by the id of the message that opened them.
      const last = ownMessageIds.get(chat.id) ?? Math.max(GENERAL.id, ...(chat.topics?.keys() ?? []));
      ownMessageIds.set(chat.id, last + 1);
      return last + 1;
    },
    nextLongId: () => String((longId += 1n + BigInt(Math.floor(random() * 2 ** 20)))),
    keep(message) {
      all.get(message.chatId)?.messages.set(message.id, message);
    },
  };
  for (const chatSeed of seeds) chats.add(chatSeed);
  return chats;
}
