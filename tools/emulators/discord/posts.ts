/** Puts messages into channels, changes them and takes them out: for people's eyes, and for the bot's sessions. */
import { INTENTS } from './intents.ts';
import type { Emulation } from './emulation.ts';
import type { StoredMessage, Wire } from './message.ts';
import { toSeen } from './to-seen.ts';
import { channelType, wireMember } from './to-wire.ts';
import type { Channel } from './world.ts';

export interface Told {
  readonly message: StoredMessage;
  /** See `Gateway.dispatch`. */
  readonly toldMs: Promise<number | null>;
}

export type NewMessage = Omit<StoredMessage, 'id' | 'channelId' | 'postedMs' | 'editedMs'>;

/** @param id where it is known already: a post's first message has the post's own */
export function publish(emulation: Emulation, channel: Channel, message: NewMessage, id?: string): Told {
  const { clock, conversation, ids, world } = emulation;
  const stored: StoredMessage = {
    ...message,
    id: id ?? ids.snowflake(),
    channelId: channel.id,
    postedMs: clock.nowMs(),
    editedMs: null,
  };
  channel.messages.set(stored.id, stored);
  // Whoever writes joins, and wakes what was archived.
  if (channel.kind === 'thread' && stored.onlyFor === null) {
    channel.members.add(stored.authorId);
    channel.isArchived = false;
  }
  conversation.post(toSeen(world, channel, stored));
  return { message: stored, toldMs: tell(emulation, 'MESSAGE_CREATE', channel, stored) };
}

export function revise(
  emulation: Emulation,
  channel: Channel,
  message: StoredMessage,
  change: Partial<StoredMessage>,
): Told {
  const stored: StoredMessage = { ...message, editedMs: emulation.clock.nowMs(), ...change };
  channel.messages.set(stored.id, stored);
  emulation.conversation.edit(toSeen(emulation.world, channel, stored));
  return { message: stored, toldMs: tell(emulation, 'MESSAGE_UPDATE', channel, stored) };
}

export function remove(emulation: Emulation, channel: Channel, message: StoredMessage): Promise<number | null> {
  channel.messages.delete(message.id);
  emulation.conversation.remove(channel.parentId ?? channel.id, message.id);
  if (message.onlyFor !== null) return Promise.resolve(null);
  return tellOfChannel(emulation, 'MESSAGE_DELETE', channel, messageIntent(channel), () => ({
    id: message.id,
    channel_id: channel.id,
    ...guildOf(channel),
  }));
}

function tell(emulation: Emulation, type: string, channel: Channel, message: StoredMessage): Promise<number | null> {
  if (message.onlyFor !== null) return Promise.resolve(null);
  const guild = channel.guildId === null ? undefined : emulation.world.guilds.get(channel.guildId);
  return tellOfChannel(emulation, type, channel, messageIntent(channel), (intents) => ({
    ...emulation.write.forBot(message, (intents & INTENTS.messageContent) !== 0),
    ...guildOf(channel),
    channel_type: channelType(channel),
    ...(guild !== undefined && { member: wireMember(guild, message.authorId) }),
  }));
}

/** Tells the bot of something in a channel, if it sees the channel. */
export function tellOfChannel(
  { gateway, world }: Pick<Emulation, 'gateway' | 'world'>,
  type: string,
  channel: Channel,
  intent: number,
  data: (intents: number) => Wire,
): Promise<number | null> {
  const isThere = channel.guildId === null || world.botPermissions(channel).has('viewChannel');
  return isThere ? gateway.dispatch(type, intent, data) : Promise.resolve(null);
}

function messageIntent({ guildId }: Channel): number {
  return guildId === null ? INTENTS.directMessages : INTENTS.guildMessages;
}

function guildOf({ guildId }: Channel): Wire {
  return guildId === null ? {} : { guild_id: guildId };
}
