/** Whom and what an emulated Slack starts with, and how strict it is. */

export interface PersonSeed {
  /** `U…` */
  readonly id: string;
  /** The handle, which mentions are typed with. */
  readonly name: string;
  readonly realName: string;
}

export interface ChannelSeed {
  /** `C…` */
  readonly id: string;
  /** Without the #. */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly members: readonly string[];
  readonly botIsMember: boolean;
}

export interface WorkspaceSeed {
  /** `T…` */
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly people: readonly PersonSeed[];
  readonly channels: readonly ChannelSeed[];
  /** Whether the app is installed from the start; else only by "Add to Slack". */
  readonly hasApp: boolean;
}

/** What an app's manifest says. */
export interface AppSeed {
  readonly name: string;
  /** With the slash. What a person types under another name goes to the first one, as its first word. */
  readonly commands: readonly string[];
  /** Null: every name is taken for a callback id. */
  readonly shortcuts: readonly { readonly name: string; readonly callbackId: string }[] | null;
  readonly scopes: readonly string[];
  /** Subscriptions, such as `message.channels`; null: all that this emulator has. */
  readonly events: readonly string[] | null;
  /** Where an installation may come back to; empty: wherever the request says. */
  readonly redirectUrls: readonly string[];
  /** Tokens that live 12 hours and are refreshed. */
  readonly hasTokenRotation: boolean;
}

export interface SlackOptions {
  readonly workspaces?: readonly WorkspaceSeed[];
  readonly app?: Partial<AppSeed>;
  /** Of ids, tokens and whatever else is drawn. */
  readonly seed?: number;
  /** How many of Slack's seconds pass in one of ours: shortens retries, limits and lifetimes, not the 3 s of an acknowledgement. */
  readonly speed?: number;
  /** `http`: events go to a request URL on 127.0.0.1, signed; null chooses a free port for the bot's server. */
  readonly delivery?: { readonly mode: 'socket' } | { readonly mode: 'http'; readonly requestUrl: string | null };
  /** Whether `chat.update` puts the files of `file_ids` into the message; else it takes the parameter and does nothing with it. */
  readonly honoursFileIds?: boolean;
  /** Of one file. */
  readonly maxFileBytes?: number;
  readonly fileUploadsAreDisabled?: boolean;
  /** `internal`: the usual tiers. `distributed`: also the low limits on history of an app outside the Marketplace. */
  readonly rateLimits?: 'off' | 'internal' | 'distributed';
  /** How long a `done-then-hang` leaves the bot waiting before the connection breaks; our milliseconds. */
  readonly hangMs?: number;
  /** The wait that a `rate-limited` fault asks for, whole seconds. */
  readonly faultRetryAfterSeconds?: number;
  /** How long the bot may take to acknowledge; our milliseconds. */
  readonly acknowledgeMs?: number;
  /** How long a trigger may open a view; our milliseconds. */
  readonly triggerLifeMs?: number;
  /** After a failed delivery of an event, Slack's milliseconds to each next one. */
  readonly eventRetryDelaysMs?: readonly number[];
  /** Folder of the machine-readable descriptions. */
  readonly specsDir?: string;
}

export const ADA: PersonSeed = { id: 'U0ADAKEYS1', name: 'ada', realName: 'Ada' };
export const BEN: PersonSeed = { id: 'U0BENBASS2', name: 'ben', realName: 'Ben Okafor' };
export const CLEO: PersonSeed = { id: 'U0CLEODRM3', name: 'cleo', realName: 'Cleo' };

export const REHEARSAL: ChannelSeed = {
  id: 'C0REHEARS1',
  name: 'rehearsal',
  isPrivate: false,
  members: [ADA.id, BEN.id, CLEO.id],
  botIsMember: true,
};
export const DEMOS: ChannelSeed = {
  id: 'C0DEMOTAP2',
  name: 'demos',
  isPrivate: true,
  members: [ADA.id, BEN.id],
  botIsMember: true,
};
/** The bot is not in it. */
export const LOBBY: ChannelSeed = {
  id: 'C0LOBBYCH3',
  name: 'lobby',
  isPrivate: false,
  members: [ADA.id, BEN.id, CLEO.id],
  botIsMember: false,
};

export const BAND: WorkspaceSeed = {
  id: 'T0BANDROOM',
  name: 'The Back Porch',
  domain: 'back-porch',
  people: [ADA, BEN, CLEO],
  channels: [REHEARSAL, DEMOS, LOBBY],
  hasApp: true,
};

export const APP: AppSeed = {
  name: 'Woodshed',
  commands: ['/jam'],
  shortcuts: null,
  scopes: [
    'app_mentions:read',
    'channels:history',
    'channels:join',
    'channels:read',
    'chat:write',
    'commands',
    'files:read',
    'files:write',
    'groups:history',
    'groups:read',
    'im:history',
    'im:read',
    'im:write',
    'users:read',
  ],
  events: null,
  redirectUrls: [],
  hasTokenRotation: false,
};
