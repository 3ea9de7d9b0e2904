/** Whom and what an emulated Telegram starts with, and how strict it is. */

export interface PersonSeed {
  readonly id: number;
  readonly firstName: string;
  /** Without the @. */
  readonly username: string | null;
  readonly languageCode: string;
  readonly isBot: boolean;
}

export interface TopicSeed {
  /** The `message_thread_id`, above 1: General, which has that number, need not be named. */
  readonly id: number;
  readonly name: string;
}

export interface ChatSeed {
  /** A private chat has its person's id, a group a negative one, a supergroup or channel one below -10^12. */
  readonly id: number;
  readonly type: 'private' | 'group' | 'supergroup' | 'channel';
  /** Null in a private chat. */
  readonly title: string | null;
  readonly members: readonly number[];
  readonly admins: readonly number[];
  /** Those of `admins` who write as the group. */
  readonly anonymousAdmins: readonly number[];
  /** Null: not a forum. */
  readonly topics: readonly TopicSeed[] | null;
  readonly botIsAdmin: boolean;
}

export interface Limits {
  readonly uploadBytes: number;
  readonly photoBytes: number;
  /** Of `getFile`. */
  readonly downloadBytes: number;
  /** Of a file that the server fetches by its URL. */
  readonly urlBytes: number;
}

const MIB = 1024 * 1024;
export const CLOUD_LIMITS: Limits = {
  uploadBytes: 50 * MIB,
  photoBytes: 10 * MIB,
  downloadBytes: 20 * MIB,
  urlBytes: 20 * MIB,
};
/** A Bot API server of one's own, with `--local`. */
export const LOCAL_LIMITS: Limits = {
  uploadBytes: 2000 * MIB,
  photoBytes: 10 * MIB,
  downloadBytes: Number.POSITIVE_INFINITY,
  urlBytes: 2000 * MIB,
};

export const ADA: PersonSeed = {
  id: 5_100_001,
  firstName: 'Ada',
  username: 'ada_keys',
  languageCode: 'en',
  isBot: false,
};
export const BEN: PersonSeed = {
  id: 5_100_002,
  firstName: 'Ben',
  username: 'ben_bass',
  languageCode: 'de',
  isBot: false,
};
/** Has no username, so only a text_mention can ping her. */
export const CLEO: PersonSeed = { id: 5_100_003, firstName: 'Cleo', username: null, languageCode: 'fr', isBot: false };

export const BOT: PersonSeed = {
  id: 7_000_001,
  firstName: 'Woodshed',
  username: 'woodshed_emulated_bot',
  languageCode: 'en',
  isBot: true,
};

export const PRIVATE_CHAT: ChatSeed = {
  id: ADA.id,
  type: 'private',
  title: null,
  members: [ADA.id],
  admins: [],
  anonymousAdmins: [],
  topics: null,
  botIsAdmin: false,
};
export const FORUM: ChatSeed = {
  id: -1_001_900_000_001,
  type: 'supergroup',
  title: 'The Rehearsal Room',
  members: [ADA.id, BEN.id, CLEO.id],
  admins: [ADA.id],
  anonymousAdmins: [],
  topics: [
    { id: 11, name: 'New song' },
    { id: 12, name: 'Covers' },
  ],
  botIsAdmin: false,
};
export const GROUP: ChatSeed = {
  id: -4_200_001,
  type: 'group',
  title: 'Garage band',
  members: [ADA.id, BEN.id, CLEO.id],
  admins: [BEN.id],
  anonymousAdmins: [],
  topics: null,
  botIsAdmin: false,
};

export interface TelegramOptions {
  readonly people?: readonly PersonSeed[];
  readonly chats?: readonly ChatSeed[];
  readonly bot?: PersonSeed;
  /** `<digits>:<secret>`; the digits are the bot's id. */
  readonly token?: string;
  /** Of everything that is chosen: the kind of a 5xx body, ids, resend delays above 60 s. */
  readonly seed?: number;
  /** How many of Telegram's seconds pass in one of ours. */
  readonly speed?: number;
  /** As a server started with `--local`: other limits, and `getFile` gives absolute paths. */
  readonly local?: boolean;
  readonly limits?: Partial<Limits>;
  /** Telegram's flood limits: 1 message a second and chat, 20 a minute and group, 30 a second in all. */
  readonly floodLimits?: boolean;
  /** Groups show the bot only commands, replies to it, mentions of it and service messages. */
  readonly privacyMode?: boolean;
  /** Bots never see each other's messages, unless this is set. */
  readonly seesOtherBots?: boolean;
  /** How long a `done-then-hang` leaves the bot waiting before the connection breaks, in our milliseconds. */
  readonly hangMs?: number;
  /** The wait that a `rate-limited` fault asks for, whole seconds. */
  readonly faultRetryAfterSeconds?: number;
  /** How long a press may be answered, in Telegram's milliseconds. */
  readonly queryLifeMs?: number;
  /** Folder of the machine-readable descriptions. */
  readonly specsDir?: string;
}
