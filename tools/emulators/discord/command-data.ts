/** A command as a person filled it in, as the bot is told of it. */
import type { PersonFile } from '../core/emulator.ts';
import { OPTION_TYPES } from './command-schema.ts';
import type { CommandOption } from './command-schema.ts';
import type { StoredCommand } from './command-store.ts';
import type { Emulation } from './emulation.ts';
import type { StoredMessage, Wire } from './message.ts';
import { wireAttachment, wireChannel, wireUser } from './to-wire.ts';
import type { Channel } from './world.ts';

export interface FilledIn {
  /** Of sub-commands. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  readonly file: PersonFile | null;
  /** Left out: the first that takes a file. */
  readonly fileOption?: string | undefined;
  /** The option whose suggestions are wanted; null: the command is sent. */
  readonly typing: string | null;
}

interface Resolved {
  readonly attachments: Record<string, Wire>;
  readonly users: Record<string, Wire>;
  readonly channels: Record<string, Wire>;
}

/** @throws RangeError where a person's app would not let it be sent */
export function commandData(emulation: Emulation, channel: Channel, command: StoredCommand, filled: FilledIn): Wire {
  const path: CommandOption[] = [];
  const left = [...filled.words];
  let offered = command.options ?? [];
  for (;;) {
    const below = offered.filter(isHolder);
    if (below.length === 0) break;
    const word = left.shift();
    const next = below.find(({ name }) => name === word);
    if (next === undefined)
      throw new RangeError(`/${command.name} goes on with ${below.map(({ name }) => name).join(', ')}`);
    path.push(next);
    offered = next.options ?? [];
  }
  if (left.length > 0) {
    const names = offered.map(({ name }) => name).join(', ');
    throw new RangeError(
      `"${left.join(' ')}" belongs to no option of /${command.name}: it has ${names === '' ? 'none' : names}`,
    );
  }
  const resolved: Resolved = { attachments: {}, users: {}, channels: {} };
  const leaves = fillIn(emulation, channel, offered, filled, resolved);
  const nested = path.reduceRight<readonly Wire[]>((inner, { type, name }) => [{ type, name, options: inner }], leaves);
  const found = Object.entries(resolved).filter(([, entries]) => Object.keys(entries as object).length > 0);
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    ...(command.guildId !== null && { guild_id: command.guildId }),
    options: nested,
    ...(found.length > 0 && { resolved: Object.fromEntries(found) }),
  };
}

export function menuData({ world, write }: Emulation, command: StoredCommand, message: StoredMessage): Wire {
  const author = world.people.get(message.authorId);
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    ...(command.guildId !== null && { guild_id: command.guildId }),
    target_id: message.id,
    // Of such a message everything is there, whatever the bot's intents.
    resolved: {
      messages: { [message.id]: write.whole(message) },
      ...(author !== undefined && { users: { [author.id]: wireUser(author) } }),
    },
  };
}

function isHolder({ type }: CommandOption): boolean {
  return type === OPTION_TYPES.subcommand || type === OPTION_TYPES.group;
}

function fillIn(
  emulation: Emulation,
  channel: Channel,
  offered: readonly CommandOption[],
  { options, file, fileOption, typing }: FilledIn,
  resolved: Resolved,
): readonly Wire[] {
  const unknown = Object.keys(options).find((name) => !offered.some((option) => option.name === name));
  if (unknown !== undefined) throw new RangeError(`the command has no option "${unknown}"`);
  const forFile = offered.find(
    ({ name, type }) => type === OPTION_TYPES.attachment && (fileOption === undefined || fileOption === name),
  );
  if (file !== null && forFile === undefined) throw new RangeError('the command takes no file');
  return offered.flatMap((option): Wire[] => {
    const { name, type, required } = option;
    if (option === forFile && file !== null) {
      const attachment = emulation.attachments.add({ ...file, channelId: channel.id, isEphemeral: true });
      resolved.attachments[attachment.id] = wireAttachment(emulation.attachments, attachment);
      return [{ name, type, value: attachment.id }];
    }
    const text = options[name];
    if (text === undefined) {
      if (required === true && typing === null) throw new RangeError(`the command needs ${name}`);
      return [];
    }
    const isTyping = typing === name;
    if (isTyping && option.autocomplete !== true) throw new RangeError(`there are no suggestions for ${name}`);
    return [
      {
        name,
        type,
        value: isTyping ? text : valueOf(emulation, option, text, resolved),
        ...(isTyping && { focused: true }),
      },
    ];
  });
}

function valueOf(
  { world }: Emulation,
  option: CommandOption,
  text: string,
  resolved: Resolved,
): string | number | boolean {
  const { name, type, choices, min_length: least = 0, max_length: most = 6000 } = option;
  if ((choices?.length ?? 0) > 0) {
    const chosen = choices?.find((choice) => choice.name === text || String(choice.value) === text);
    if (chosen === undefined)
      throw new RangeError(`${name} is one of ${(choices ?? []).map((choice) => choice.name).join(', ')}`);
    return chosen.value;
  }
  switch (type) {
    case OPTION_TYPES.string:
      if (text.length < least || text.length > most)
        throw new RangeError(`${name} has ${String(least)} to ${String(most)} letters`);
      return text;
    case OPTION_TYPES.integer:
    case OPTION_TYPES.number: {
      const value = Number(text);
      const isFit =
        text.trim() !== '' && (type === OPTION_TYPES.number ? Number.isFinite(value) : Number.isSafeInteger(value));
      const { min_value: min = -(2 ** 53), max_value: max = 2 ** 53 } = option;
      if (!isFit || value < min || value > max) throw new RangeError(`${name} is no such number: ${text}`);
      return value;
    }
    case OPTION_TYPES.boolean:
      if (text !== 'true' && text !== 'false') throw new RangeError(`${name} is true or false`);
      return text === 'true';
    case OPTION_TYPES.user: {
      const person = world.people.get(text);
      if (person === undefined) throw new RangeError(`nobody has the id ${text}`);
      resolved.users[text] = wireUser(person);
      return text;
    }
    case OPTION_TYPES.channel: {
      const chosen = world.channels.get(text);
      if (chosen === undefined) throw new RangeError(`there is no channel ${text}`);
      resolved.channels[text] = wireChannel(world, chosen);
      return text;
    }
    default:
      throw new RangeError(`this emulator cannot fill in ${name}`);
  }
}
