/** Commands, menus, presses and suggestions: a person asks, Discord tells the bot, and waits three seconds. */
import type { Acted, PersonAction } from '../core/emulator.ts';
import { commandData, menuData } from './command-data.ts';
import { COMMAND_TYPES } from './command-schema.ts';
import { attachmentLimit } from './emulation.ts';
import type { Emulation } from './emulation.ts';
import { INTERACTION_TYPES } from './interactions.ts';
import type { FirstAnswer, NewInteraction, Opened } from './interactions.ts';
import type { StoredMessage, Wire } from './message.ts';
import { permissionBits } from './permissions.ts';
import { pressables } from './to-seen.ts';
import { PERSON_PERMISSIONS, wireChannel, wireMember, wireUser } from './to-wire.ts';
import type { Channel } from './world.ts';

type Of<Kind extends PersonAction['kind']> = Extract<PersonAction, { kind: Kind }>;

/** Milliseconds of the first answer, and what it was; null where it did not come in time. */
type Answered = Opened['answered'];

/** @throws RangeError where no such command is registered, or it is not filled in as it must be */
export function typeCommand(emulation: Emulation, channel: Channel, action: Of<'command'>): Acted {
  const command = emulation.commands.find(channel.guildId, COMMAND_TYPES.slash, action.verb);
  if (command === null) throw new RangeError(`the bot has no command /${action.verb} here`);
  const { by, text, options, file, fileOption } = action;
  const filled = { words: words(text), options, file, fileOption, typing: null };
  const data = commandData(emulation, channel, command, filled);
  return acted(emulation, channel, interact(emulation, channel, about(by, channel, 'command'), data), by);
}

/** What the bot suggests while a person fills in an option. */
export interface Suggested extends Acted {
  /** Null where no answer came in time. */
  readonly choices: Promise<readonly { readonly name: string; readonly value: string | number }[] | null>;
}

export interface Typing extends Omit<Of<'command'>, 'kind' | 'file'> {
  /** The option that is being filled in, and what stands there so far. */
  readonly option: string;
  readonly typed: string;
}

export function suggest(emulation: Emulation, channel: Channel, typing: Typing): Suggested {
  const command = emulation.commands.find(channel.guildId, COMMAND_TYPES.slash, typing.verb);
  if (command === null) throw new RangeError(`the bot has no command /${typing.verb} here`);
  const { by, text, options, option, typed } = typing;
  const filled = { words: words(text), options: { ...options, [option]: typed }, file: null, typing: option };
  const data = commandData(emulation, channel, command, filled);
  const opened = interact(emulation, channel, about(by, channel, 'autocomplete'), data);
  return {
    id: opened.id,
    acknowledgedMs: opened.answered.then((answer) => answer?.ms ?? null),
    choices: opened.answered.then((answer) => (answer === null ? null : choicesOf(answer.answer))),
  };
}

function choicesOf({ data }: FirstAnswer): readonly { readonly name: string; readonly value: string | number }[] {
  return (data['choices'] ?? []) as readonly { name: string; value: string | number }[];
}

export function chooseFromMenu(
  emulation: Emulation,
  channel: Channel,
  { by, name }: Of<'shortcut'>,
  message: StoredMessage,
): Acted {
  if (message.onlyFor !== null) throw new RangeError('a message that only one person sees has no menu');
  const command = emulation.commands.find(channel.guildId, COMMAND_TYPES.message, name);
  if (command === null) throw new RangeError(`the message menu has no "${name}" here`);
  const asked = { ...about(by, channel, 'command'), isMenu: true };
  return acted(emulation, channel, interact(emulation, channel, asked, menuData(emulation, command, message)), by);
}

export function pressButton(
  emulation: Emulation,
  channel: Channel,
  { by, label }: Of<'press'>,
  message: StoredMessage,
): Acted {
  const found = pressables(message).filter((one) => one.label === label);
  const pressable = found.find(({ isDisabled }) => !isDisabled);
  if (pressable === undefined) {
    const offered = pressables(message).map((one) => one.label);
    throw new RangeError(`there is no "${label}" to press, only ${JSON.stringify(offered)}`);
  }
  const { customId, componentType, componentId, value } = pressable;
  if (customId === null) throw new RangeError(`"${label}" is a link: the bot is not told of it`);
  const data = {
    custom_id: customId,
    component_type: componentType,
    id: componentId,
    ...(value !== null && { values: [value] }),
  };
  const asked = { ...about(by, channel, 'component'), sourceMessageId: message.id };
  const more = { message: emulation.write.whole(message) };
  return acted(emulation, channel, interact(emulation, channel, asked, data, more), by);
}

function words(text: string): readonly string[] {
  return text.split(/\s+/u).filter(Boolean);
}

function about(by: string, { id }: Channel, type: keyof typeof INTERACTION_TYPES): NewInteraction {
  return { type: INTERACTION_TYPES[type], personId: by, channelId: id, sourceMessageId: null, isMenu: false };
}

/** An interaction that the bot was told of. */
export interface Asked {
  readonly id: string;
  readonly answered: Answered;
}

export function interact(
  emulation: Emulation,
  channel: Channel,
  asked: NewInteraction,
  data: Wire,
  more: Wire = {},
): Asked {
  const { gateway, interactions, world } = emulation;
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  const person = world.people.get(asked.personId);
  if (person === undefined) throw new RangeError(`nobody has the id ${asked.personId}`);
  const { interaction, answered } = interactions.open(asked);
  const user = wireUser(person);
  void gateway.dispatch('INTERACTION_CREATE', null, () => ({
    id: interaction.id,
    application_id: world.bot.id,
    type: interaction.type,
    token: interaction.token,
    version: 1,
    data,
    ...more,
    channel_id: channel.id,
    channel: { ...wireChannel(world, channel), permissions: PERSON_PERMISSIONS },
    locale: person.locale,
    app_permissions: permissionBits(world.botPermissions(channel)),
    entitlements: [],
    attachment_size_limit: attachmentLimit(emulation, channel.guildId),
    ...(guild === undefined
      ? { user, context: CONTEXTS.botDm, authorizing_integration_owners: { 1: person.id } }
      : {
          guild_id: guild.id,
          guild: { id: guild.id, locale: guild.locale, features: [] },
          guild_locale: guild.locale,
          member: { ...wireMember(guild, person.id), user, permissions: PERSON_PERMISSIONS },
          context: CONTEXTS.guild,
          authorizing_integration_owners: { 0: guild.id },
        }),
  }));
  return { id: interaction.id, answered };
}

const CONTEXTS = { guild: 0, botDm: 1 } as const;
const MODAL = 9;

/** Says what a person sees who asked: nothing but the answer, or that none came. */
export function acted(
  { conversation, world }: Emulation,
  channel: Channel,
  { id, answered }: Asked,
  by: string,
): Acted {
  const notice = (text: string): void =>
    conversation.notice({ chat: channel.parentId ?? channel.id, onlyFor: by, text });
  return {
    id,
    acknowledgedMs: answered.then((answer) => {
      if (answer === null) notice('The application did not respond');
      else if (answer.answer.type === MODAL)
        notice(`${world.bot.displayName} asks: ${String(answer.answer.data['title'])}`);
      return answer?.ms ?? null;
    }),
  };
}
