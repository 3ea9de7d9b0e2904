/** Whom and what an emulated Discord starts with, and how strict it is. Ids are snowflakes as text. */
import type { Permission } from './permissions.ts';

export interface PersonSeed {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  /** Such as `en-US`. */
  readonly locale: string;
  readonly isBot: boolean;
}

export interface RoleSeed {
  readonly id: string;
  readonly name: string;
  readonly isMentionable: boolean;
  readonly members: readonly string[];
}

/** A thread, or a forum's post. */
export interface ThreadSeed {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** Those who joined; of a private one, those who can see it. */
  readonly members: readonly string[];
  readonly hasBot: boolean;
}

export interface ChannelSeed {
  readonly id: string;
  readonly name: string;
  readonly kind: 'text' | 'forum';
  readonly threads: readonly ThreadSeed[];
  /** Of the usual permissions, those that the bot has not there. */
  readonly botLacks: readonly Permission[];
}

export interface GuildSeed {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly locale: string;
  readonly members: readonly string[];
  readonly roles: readonly RoleSeed[];
  readonly channels: readonly ChannelSeed[];
  readonly boostTier: 0 | 1 | 2 | 3;
  readonly hasBot: boolean;
}

export interface DiscordOptions {
  readonly people?: readonly PersonSeed[];
  readonly guilds?: readonly GuildSeed[];
  readonly bot?: PersonSeed;
  readonly token?: string;
  /** Of whatever is drawn: tokens, session ids, the kind of a 5xx body. */
  readonly seed?: number;
  /** How many of Discord's seconds pass in one of ours: shortens lifetimes and limits, not the 3 s of an acknowledgement. */
  readonly speed?: number;
  /** Whether the app has the privileged message content intent. */
  readonly messageContent?: boolean;
  /** Bytes that one attachment may have, in place of what the server's boosts give. */
  readonly attachmentBytes?: number | null;
  /** `on`: buckets per route, 50 requests a second in all, with their headers. `off`: neither. */
  readonly rateLimits?: 'off' | 'on';
  /** Of the bot in all, where the limits are on; 50. */
  readonly requestsPerSecond?: number;
  /** How long a `done-then-hang` leaves the bot waiting before the connection breaks; our milliseconds. */
  readonly hangMs?: number;
  /** The wait that a `rate-limited` fault asks for, whole seconds. */
  readonly faultRetryAfterSeconds?: number;
  /** How long the bot may take to answer an interaction; our milliseconds. */
  readonly acknowledgeMs?: number;
  /** How often the bot is to send a heartbeat; our milliseconds. */
  readonly heartbeatMs?: number;
  /** How long a session that lost its connection can be resumed; Discord's milliseconds. */
  readonly resumableMs?: number;
  /** How long a nonce is remembered ("a few minutes"); Discord's milliseconds. */
  readonly nonceLifeMs?: number;
  /** How long an attachment's signed address is good; Discord's milliseconds. */
  readonly attachmentUrlLifeMs?: number;
  /** Sessions that may be started in a day. */
  readonly sessionStarts?: number;
  /** Folder of the machine-readable descriptions. */
  readonly specsDir?: string;
}

export const ADA: PersonSeed = {
  id: '190000000000000001',
  username: 'ada_keys',
  displayName: 'Ada',
  locale: 'en-US',
  isBot: false,
};
export const BEN: PersonSeed = {
  id: '190000000000000002',
  username: 'ben_bass',
  displayName: 'Ben Okafor',
  locale: 'de',
  isBot: false,
};
export const CLEO: PersonSeed = {
  id: '190000000000000003',
  username: 'cleo.drums',
  displayName: 'Cleo',
  locale: 'es-ES',
  isBot: false,
};

export const BOT: PersonSeed = {
  id: '290000000000000001',
  username: 'Woodshed',
  displayName: 'Woodshed',
  locale: 'en-US',
  isBot: true,
};

const EVERYBODY = [ADA.id, BEN.id, CLEO.id];

export const RHYTHM_SECTION: RoleSeed = {
  id: '390000000000000001',
  name: 'Rhythm section',
  isMentionable: true,
  members: [BEN.id, CLEO.id],
};

/** Ada's and Ben's, with the bot in it. */
export const OVERDUBS: ThreadSeed = {
  id: '490000000000000101',
  name: 'Overdubs',
  isPrivate: true,
  members: [ADA.id, BEN.id],
  hasBot: true,
};
export const REHEARSAL: ChannelSeed = {
  id: '490000000000000001',
  name: 'rehearsal',
  kind: 'text',
  threads: [OVERDUBS],
  botLacks: [],
};

export const NEW_SONG: ThreadSeed = {
  id: '490000000000000201',
  name: 'New song',
  isPrivate: false,
  members: EVERYBODY,
  hasBot: false,
};
export const SONGS: ChannelSeed = {
  id: '490000000000000002',
  name: 'songs',
  kind: 'forum',
  threads: [NEW_SONG],
  botLacks: [],
};

/** The bot sees it, and may not write there. */
export const NOTICES: ChannelSeed = {
  id: '490000000000000003',
  name: 'notices',
  kind: 'text',
  threads: [],
  botLacks: ['sendMessages', 'sendMessagesInThreads'],
};

export const GUILD: GuildSeed = {
  id: '590000000000000001',
  name: 'The Back Porch',
  ownerId: ADA.id,
  locale: 'en-US',
  members: EVERYBODY,
  roles: [RHYTHM_SECTION],
  channels: [REHEARSAL, SONGS, NOTICES],
  boostTier: 0,
  hasBot: true,
};
