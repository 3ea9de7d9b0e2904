/** What a test can do to an emulated Discord besides what people do. */
import type { Acted, PersonPlace } from '../core/emulator.ts';
import type { Emulation } from './emulation.ts';
import type { GatewayCounts } from './gateway.ts';
import { suggest } from './interact.ts';
import type { Suggested, Typing } from './interact.ts';
import type { InvalidRequests } from './invalid-requests.ts';
import { INTENTS } from './intents.ts';
import { fillModal } from './modal.ts';
import type { FilledModal } from './modal.ts';
import { enter, written } from './people.ts';
import type { Writing } from './people.ts';
import type { Permission } from './permissions.ts';
import { publish, tellOfChannel } from './posts.ts';
import type { RateLimits } from './rate-limits.ts';
import { tellOfThread } from './routes/channels.ts';
import type { StoredCommand } from './command-store.ts';
import { wireChannel, wireGuild } from './to-wire.ts';
import type { Channel, Guild } from './world.ts';

export interface DiscordControls {
  /** Without a version, and without a slash at the end: `botEnv.DISCORD_API_URL`. */
  readonly apiUrl: string;
  readonly token: string;
  /** Of the bot and of its application. */
  readonly botId: string;
  /** Id of a person's private chat with the bot. */
  directChat(personId: string): string;
  /** Puts Discord's clock forward: tokens, addresses of files, nonces, sessions, limits. */
  advance(ms: number): void;

  /** Suggestions for an option that a person fills in. @throws RangeError */
  suggest(typing: Typing): Promise<Suggested>;
  /** Sends a modal that the bot opened. @throws RangeError */
  fillModal(filled: FilledModal): Promise<Acted>;
  /** @param guildId null: those that are everywhere */
  commands(guildId: string | null): readonly StoredCommand[];
  /** A thread of a channel, or a forum's post with its first message, opened by a person. @returns where it is */
  openThread(by: string, chat: string, name: string, first?: Pick<Writing, 'text' | 'files'>): Promise<PersonPlace>;
  archiveThread(threadId: string, isLocked?: boolean): void;
  /** Into a private thread, or out of it. */
  addToThread(threadId: string, personId: string): void;
  deleteChannel(channelId: string): void;
  /** The bot is thrown out, or the server is gone. */
  removeBot(guildId: string): void;
  addBot(guildId: string): void;
  /** Of a channel and the threads in it: what the bot has not of its usual permissions. */
  setLacking(channelId: string, permissions: readonly Permission[]): void;
  /** Whether a person takes messages of the bot. */
  setDirectMessages(personId: string, areOpen: boolean): void;
  setBoostTier(guildId: string, tier: Guild['boostTier']): void;
  /** Bytes that an attachment may have wherever it is sent; null: as the server's boosts have it. */
  setAttachmentLimit(bytes: number | null): void;
  setRateLimits(mode: RateLimits['mode']): void;
  /** As if this channel or thread had had too many requests: for so long every one is a 429, which counts. */
  limitChannel(channelId: string, ms: number): void;
  /** Requests of the last ten minutes that Discord holds against the bot. */
  invalidRequests(): number;
  /** From now on the token is none. */
  revokeToken(): void;

  readonly gatewayCounts: Readonly<GatewayCounts>;
  gatewayConnections(): number;
  /** Op 7: asks every connection to come again. */
  askToReconnect(): void;
  /** Op 9. */
  invalidateSessions(isResumable: boolean): void;
  /** Closes every connection with Discord's code, such as 4000, 4004, 4007, 4009. */
  closeGateway(code: number): void;
  /** Resets every connection. */
  resetGateway(): void;
  /** Whether heartbeats go unanswered. */
  withholdAcks(isWithheld: boolean): void;
  /** Whether new connections are turned away. */
  setGatewayDown(isDown: boolean): void;
}

export function createControls(emulation: Emulation, limits: RateLimits, invalid: InvalidRequests): DiscordControls {
  const { clock, commands, gateway, ids, world } = emulation;
  const { token } = emulation;
  if (token === null) throw new TypeError('no token');

  /** @throws RangeError */
  function channelAt(id: string): Channel {
    const channel = world.channels.get(id);
    if (channel === undefined) throw new RangeError(`there is no channel ${id}`);
    return channel;
  }
  function guildAt(id: string): Guild {
    const guild = world.guilds.get(id);
    if (guild === undefined) throw new RangeError(`there is no server ${id}`);
    return guild;
  }
  function threadAt(id: string): Channel {
    const thread = channelAt(id);
    if (thread.kind !== 'thread') throw new RangeError(`${id} is no thread`);
    return thread;
  }

  return {
    apiUrl: `${emulation.origin()}/api`,
    token,
    botId: world.bot.id,
    directChat: (personId) => world.directChannel(personId).id,
    advance: (ms) => clock.advance(ms),
    suggest: async (typing) =>
      await Promise.resolve(suggest(emulation, enter(emulation, typing.by, typing.at), typing)),
    fillModal: async (filled) => await Promise.resolve(fillModal(emulation, filled)),
    commands: (guildId) => commands.list(guildId),
    async openThread(by, chat, name, first) {
      const parent = enter(emulation, by, { chat, thread: null });
      if (parent.kind === 'forum' && first === undefined) throw new RangeError('a post begins with a message');
      const id = ids.snowflake();
      const message = first === undefined ? null : written(emulation, parent, { by, ...first, repliedTo: null });
      const thread = world.addThread(parent, { id, name, isPrivate: false, members: [by], hasBot: false }, by);
      tellOfThread(emulation, thread, 'THREAD_CREATE', { newly_created: true });
      if (message !== null) publish(emulation, thread, message, parent.kind === 'forum' ? id : undefined);
      return await Promise.resolve({ chat, thread: id });
    },
    archiveThread(threadId, isLocked = false) {
      const thread = threadAt(threadId);
      [thread.isArchived, thread.isLocked] = [true, isLocked];
      tellOfThread(emulation, thread, 'THREAD_UPDATE');
    },
    addToThread(threadId, personId) {
      const thread = threadAt(threadId);
      thread.members.add(personId);
      if (personId === world.bot.id) tellOfThread(emulation, thread, 'THREAD_CREATE');
    },
    deleteChannel(channelId) {
      const channel = channelAt(channelId);
      const below = [...world.channels.values()].filter(({ parentId }) => parentId === channelId);
      const isThread = channel.kind === 'thread';
      const data = wireChannel(world, channel);
      void tellOfChannel(emulation, isThread ? 'THREAD_DELETE' : 'CHANNEL_DELETE', channel, INTENTS.guilds, () => data);
      for (const { id } of [channel, ...below]) world.channels.delete(id);
    },
    removeBot(guildId) {
      guildAt(guildId).hasBot = false;
      void gateway.dispatch('GUILD_DELETE', INTENTS.guilds, () => ({ id: guildId }));
    },
    addBot(guildId) {
      const guild = guildAt(guildId);
      guild.hasBot = true;
      void gateway.dispatch('GUILD_CREATE', INTENTS.guilds, () => wireGuild(world, guild));
    },
    setLacking(channelId, permissions) {
      const channel = channelAt(channelId);
      channel.botLacks.clear();
      for (const permission of permissions) channel.botLacks.add(permission);
      void gateway.dispatch('CHANNEL_UPDATE', INTENTS.guilds, () => wireChannel(world, channel));
    },
    setDirectMessages(personId, areOpen) {
      world.directChannel(personId).isClosed = !areOpen;
    },
    setBoostTier(guildId, tier) {
      const guild = guildAt(guildId);
      guild.boostTier = tier;
      void gateway.dispatch('GUILD_UPDATE', INTENTS.guilds, () => wireGuild(world, guild));
    },
    setAttachmentLimit(bytes) {
      emulation.attachmentBytes = bytes;
    },
    setRateLimits(mode) {
      limits.mode = mode;
    },
    limitChannel: (channelId, ms) => limits.shut(channelAt(channelId).id, ms),
    invalidRequests: () => invalid.lately(),
    revokeToken() {
      emulation.token = null;
      gateway.closeAll(4004);
    },
    gatewayCounts: gateway.counts,
    gatewayConnections: () => gateway.connections(),
    askToReconnect: () => gateway.reconnect(),
    invalidateSessions: (isResumable) => gateway.invalidate(isResumable),
    closeGateway: (code) => gateway.closeAll(code),
    resetGateway: () => gateway.reset(),
    withholdAcks(isWithheld) {
      gateway.withholdAcks = isWithheld;
    },
    setGatewayDown(isDown) {
      gateway.isDown = isDown;
    },
  };
}
