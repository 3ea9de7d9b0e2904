/** What people do in the channels, as the bot hears of it. */
import type { Acted, PersonAction, PersonPlace } from '../core/emulator.ts';
import type { Emulation } from './emulation.ts';
import { ALL_MENTIONS, callsOf } from './mentions.ts';
import { MESSAGE_TYPES } from './message.ts';
import type { StoredMessage } from './message.ts';
import { CONTENT_LETTERS, MOST_FILES } from './message-schema.ts';
import { chooseFromMenu, pressButton, typeCommand } from './interact.ts';
import { publish, remove, revise } from './posts.ts';
import type { NewMessage } from './posts.ts';
import type { Channel } from './world.ts';

type Of<Kind extends PersonAction['kind']> = Extract<PersonAction, { kind: Kind }>;

/** @throws RangeError where Discord has no such thing, or does not let this person do it there */
export function act(emulation: Emulation, action: PersonAction): Acted {
  const channel = enter(emulation, action.by, action.at);
  switch (action.kind) {
    case 'message':
      return say(emulation, channel, action);
    case 'command':
      return typeCommand(emulation, channel, action);
    case 'shortcut':
      return chooseFromMenu(emulation, channel, action, seen(channel, action.messageId, action.by));
    case 'press':
      return pressButton(emulation, channel, action, seen(channel, action.messageId, action.by));
    case 'edit':
      return edit(emulation, channel, action);
    case 'delete': {
      const message = own(channel, action.messageId, action.by);
      return { id: message.id, acknowledgedMs: remove(emulation, channel, message) };
    }
  }
}

/** The channel, thread or private chat as this person finds it. */
export function enter({ world }: Emulation, by: string, { chat, thread }: PersonPlace): Channel {
  if (!world.people.has(by)) throw new RangeError(`nobody has the id ${by}`);
  const channel = world.channels.get(thread ?? chat);
  if (channel === undefined) throw new RangeError(`there is no channel ${thread ?? chat}`);
  if (thread !== null && channel.parentId !== chat) throw new RangeError(`the thread ${thread} is not in ${chat}`);
  if (!world.readers(channel).has(by)) throw new RangeError(`${by} is not in ${channel.name}`);
  return channel;
}

function say(emulation: Emulation, channel: Channel, { by, text, files, replyTo }: Of<'message'>): Acted {
  if (channel.kind === 'forum') throw new RangeError('a forum takes posts, and messages in them');
  if (text.trim() === '' && files.length === 0) throw new RangeError('there is nothing to send');
  if (channel.isArchived && channel.isLocked) throw new RangeError('the thread is closed');
  const repliedTo = replyTo === null ? null : seen(channel, replyTo, by);
  const { message, toldMs } = publish(emulation, channel, written(emulation, channel, { by, text, files, repliedTo }));
  return { id: message.id, acknowledgedMs: toldMs };
}

export interface Writing extends Pick<Of<'message'>, 'by' | 'text' | 'files'> {
  readonly repliedTo: StoredMessage | null;
}

/** @throws RangeError for what a person's app would not send */
export function written(emulation: Emulation, channel: Channel, { by, text, files, repliedTo }: Writing): NewMessage {
  const { attachments, world } = emulation;
  if (text.length > CONTENT_LETTERS) throw new RangeError(`a message has at most ${String(CONTENT_LETTERS)} letters`);
  if (files.length > MOST_FILES) throw new RangeError(`a message has at most ${String(MOST_FILES)} files`);
  const content = writeTyped(emulation, text.trim());
  return {
    authorId: by,
    type: repliedTo === null ? MESSAGE_TYPES.usual : MESSAGE_TYPES.reply,
    content,
    embeds: [],
    components: [],
    attachments: files.map((file) => attachments.add({ ...file, channelId: channel.id })),
    flags: 0,
    nonce: null,
    replyToId: repliedTo?.id ?? null,
    onlyFor: null,
    interaction: null,
    ...callsOf(world, channel, { authorId: by, content, allowed: ALL_MENTIONS, repliedTo, onlyFor: null }),
  };
}

/** What a person's app sends for a name that they choose: `@Woodshed` becomes a mention. */
function writeTyped({ world }: Emulation, text: string): string {
  const names = new Map(
    [...world.people.values()].flatMap(({ id, username, displayName }) => [
      [username.toLowerCase(), id] as const,
      [displayName.toLowerCase(), id] as const,
    ]),
  );
  return text.replaceAll(/(?<!\S)@([\w.]*\w)/gu, (whole, name: string) => {
    const id = names.get(name.toLowerCase());
    return id === undefined ? whole : `<@${id}>`;
  });
}

function edit(emulation: Emulation, channel: Channel, { by, messageId, text }: Of<'edit'>): Acted {
  const message = own(channel, messageId, by);
  if (text.trim() === '' && message.attachments.length === 0) throw new RangeError('there is nothing left of it');
  const content = writeTyped(emulation, text.trim());
  const call = { authorId: by, content, allowed: ALL_MENTIONS, repliedTo: null, onlyFor: null };
  const { mentionedIds } = callsOf(emulation.world, channel, call);
  const { toldMs } = revise(emulation, channel, message, { content, mentionedIds });
  return { id: message.id, acknowledgedMs: toldMs };
}

function seen(channel: Channel, messageId: string, by: string): StoredMessage {
  const message = channel.messages.get(messageId);
  if (message === undefined) throw new RangeError(`there is no message ${messageId} in ${channel.name}`);
  if (message.onlyFor !== null && message.onlyFor !== by) throw new RangeError('only somebody else sees it');
  return message;
}

function own(channel: Channel, messageId: string, by: string): StoredMessage {
  const message = seen(channel, messageId, by);
  if (message.authorId !== by) throw new RangeError(`message ${messageId} is not of ${by}`);
  return message;
}
