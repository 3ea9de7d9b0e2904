/** Servers, channels, threads, people and private chats, as Discord keeps them. */
import type { PersonPlace } from '../core/emulator.ts';
import { refuse } from './discord-error.ts';
import type { Ids } from './ids.ts';
import type { StoredMessage } from './message.ts';
import type { ChannelSeed, GuildSeed, PersonSeed, RoleSeed, ThreadSeed } from './options.ts';
import { USUAL_PERMISSIONS } from './permissions.ts';
import type { Permission } from './permissions.ts';

export interface Channel {
  readonly id: string;
  readonly kind: 'text' | 'forum' | 'thread' | 'dm';
  /** Null: a private chat. */
  readonly guildId: string | null;
  /** Of a thread or post: the channel or forum above it. */
  readonly parentId: string | null;
  readonly name: string;
  readonly ownerId: string | null;
  readonly isPrivate: boolean;
  /** Of a thread: who joined; of a private chat: its two. Of a channel: empty, all of the server's are there. */
  readonly members: Set<string>;
  readonly botLacks: Set<Permission>;
  readonly messages: Map<string, StoredMessage>;
  isArchived: boolean;
  isLocked: boolean;
  /** Of a private chat: its person takes nothing from the bot. */
  isClosed: boolean;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly locale: string;
  readonly members: ReadonlySet<string>;
  readonly roles: readonly RoleSeed[];
  boostTier: GuildSeed['boostTier'];
  hasBot: boolean;
}

export interface World {
  readonly bot: PersonSeed;
  readonly people: ReadonlyMap<string, PersonSeed>;
  readonly guilds: ReadonlyMap<string, Guild>;
  /** Threads and private chats included. */
  readonly channels: Map<string, Channel>;
  /** As the bot finds it. @throws DiscordError where it is not there, or the bot does not see it */
  channelForBot(id: string): Channel;
  /** What the bot may do in a channel; a thread has what the channel above it has. */
  botPermissions(channel: Channel): ReadonlySet<Permission>;
  /** @throws DiscordError 50013 */
  need(channel: Channel, permission: Permission): void;
  /** A private chat with the bot, made when it is not there yet. */
  directChannel(personId: string): Channel;
  addThread(parent: Channel, seed: ThreadSeed, ownerId: string): Channel;
  /** Whoever can read along, the bot left out. */
  readers(channel: Channel): ReadonlySet<string>;
}

export function createWorld(
  bot: PersonSeed,
  people: readonly PersonSeed[],
  guildSeeds: readonly GuildSeed[],
  ids: Ids,
): World {
  const channels = new Map<string, Channel>();
  const guilds = new Map<string, Guild>();
  const directIds = new Map<string, string>();

  function addThread(parent: Channel, { id, name, isPrivate, members, hasBot }: ThreadSeed, ownerId: string): Channel {
    const thread = createChannel({
      id,
      kind: 'thread',
      guildId: parent.guildId,
      parentId: parent.id,
      name,
      ownerId,
      isPrivate,
      members: [...members, ...(hasBot ? [bot.id] : [])],
    });
    channels.set(id, thread);
    return thread;
  }
  for (const seed of guildSeeds) {
    const { channels: _channels, members, ...guild } = seed;
    guilds.set(seed.id, { ...guild, members: new Set(members) });
    for (const channelSeed of seed.channels) {
      const channel = channelOf(seed.id, channelSeed);
      channels.set(channel.id, channel);
      for (const thread of channelSeed.threads) addThread(channel, thread, seed.ownerId);
    }
  }

  const world: World = {
    bot,
    people: new Map([...people, bot].map((person) => [person.id, person])),
    guilds,
    channels,
    channelForBot(id) {
      const channel = channels.get(id);
      if (channel === undefined) return refuse('unknownChannel');
      if (channel.guildId !== null && guilds.get(channel.guildId)?.hasBot !== true) return refuse('missingAccess');
      if (!world.botPermissions(channel).has('viewChannel')) return refuse('missingAccess');
      return channel;
    },
    botPermissions(channel) {
      if (channel.guildId !== null && guilds.get(channel.guildId)?.hasBot !== true) return new Set();
      const above = channel.parentId === null ? channel : (channels.get(channel.parentId) ?? channel);
      const isHidden = channel.kind === 'thread' && channel.isPrivate && !channel.members.has(bot.id);
      if (isHidden || above.botLacks.has('viewChannel')) return new Set();
      return new Set(USUAL_PERMISSIONS.filter((permission) => !above.botLacks.has(permission)));
    },
    need(channel, permission) {
      if (!world.botPermissions(channel).has(permission)) refuse('missingPermissions');
    },
    directChannel(personId) {
      const known = channels.get(directIds.get(personId) ?? '');
      if (known !== undefined) return known;
      if (!world.people.has(personId) || personId === bot.id) return refuse('unknownUser');
      const members = [personId, bot.id];
      const made = createChannel({ id: ids.snowflake(), kind: 'dm', guildId: null, parentId: null, name: '', members });
      channels.set(made.id, made);
      directIds.set(personId, made.id);
      return made;
    },
    addThread,
    readers(channel) {
      const guild = channel.guildId === null ? undefined : guilds.get(channel.guildId);
      const inside = guild === undefined || channel.isPrivate ? channel.members : guild.members;
      return new Set([...inside].filter((id) => id !== bot.id));
    },
  };
  return world;
}

/** How people and the log name a channel. */
export function placeOf({ id, parentId }: Pick<Channel, 'id' | 'parentId'>): PersonPlace {
  return parentId === null ? { chat: id, thread: null } : { chat: parentId, thread: id };
}

/** Of what a message in it replies to, edits or presses. @throws DiscordError 10008 */
export function messageIn({ messages }: Channel, messageId: string): StoredMessage {
  return messages.get(messageId) ?? refuse('unknownMessage');
}

function channelOf(guildId: string, { id, kind, name, botLacks }: ChannelSeed): Channel {
  const channel = createChannel({ id, kind, guildId, parentId: null, name, members: [] });
  for (const permission of botLacks) channel.botLacks.add(permission);
  return channel;
}

interface NewChannel extends Pick<Channel, 'id' | 'kind' | 'guildId' | 'parentId' | 'name'> {
  readonly members: readonly string[];
  readonly ownerId?: string;
  readonly isPrivate?: boolean;
}

function createChannel({ members, ownerId, isPrivate = false, ...rest }: NewChannel): Channel {
  return {
    ...rest,
    ownerId: ownerId ?? null,
    isPrivate,
    members: new Set(members),
    botLacks: new Set(),
    messages: new Map(),
    isArchived: false,
    isLocked: false,
    isClosed: false,
  };
}
