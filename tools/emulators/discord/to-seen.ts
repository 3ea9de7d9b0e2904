/** A message as a person reads it. */
import type { SeenButton, SeenFile, SeenMessage } from '../core/conversation.ts';
import { shownName } from './attachment-store.ts';
import type { StoredAttachment } from './attachment-store.ts';
import { componentTexts, inOrder, shownAttachments } from './component-layout.ts';
import { readMarkdown } from './markdown.ts';
import type { Names } from './markdown.ts';
import { hasFlag } from './message.ts';
import type { StoredMessage, Wire } from './message.ts';
import { COMPONENT_TYPES } from './message-components.ts';
import { placeOf } from './world.ts';
import type { Channel, World } from './world.ts';

export function toSeen(world: World, channel: Channel, message: StoredMessage): SeenMessage {
  const names = namesIn(world, channel);
  const isWaiting = hasFlag(message, 'loading');
  const texts = isWaiting
    ? [`${world.bot.displayName} is thinking…`]
    : [message.content, ...message.embeds.flatMap(embedTexts), ...componentTexts(message.components)];
  const read = texts.filter((text) => text !== '').map((text) => readMarkdown(text, names));
  return {
    id: message.id,
    ...placeOf(channel),
    by: message.authorId === world.bot.id ? 'bot' : message.authorId,
    text: read.map(({ text }) => text).join('\n'),
    files: shownAttachments(message).map((attachment) => seenFile(attachment, hasFlag(message, 'voice'))),
    buttons: [...pressables(message).map(seenButton), ...read.flatMap(({ links }) => links)],
    replyTo: message.replyToId,
    onlyFor: message.onlyFor,
    pings: message.pings,
  };
}

/** As Discord's apps write on a menu whose bot wrote nothing there. */
const NO_PLACEHOLDER = 'Make a selection';

function seenButton({ label, customId, url, menu }: Pressable): SeenButton {
  return { label, customId, url, ...(menu !== undefined && { menu }) };
}

/** What can be pressed or chosen, in order. */
export interface Pressable extends SeenButton {
  readonly componentType: number;
  /** Its number in the message. */
  readonly componentId: number;
  /** Of a menu's entry. */
  readonly value: string | null;
  readonly isDisabled: boolean;
}

export function pressables({ components }: Pick<StoredMessage, 'components'>): Pressable[] {
  return inOrder(components).flatMap((component): Pressable[] => {
    const {
      type,
      id,
      custom_id: customId,
      url,
      label,
      emoji,
      disabled,
      options,
      placeholder,
    } = component as {
      type: number;
      id: number;
      custom_id?: string;
      url?: string;
      label?: string;
      emoji?: { name?: string };
      disabled?: boolean;
      options?: readonly { label: string; value: string }[];
      placeholder?: string | null;
    };
    const common = { customId: customId ?? null, componentType: type, componentId: id, isDisabled: disabled === true };
    if (type === COMPONENT_TYPES.button)
      return [{ ...common, label: label ?? emoji?.name ?? '', url: url ?? null, value: null }];
    if (type !== COMPONENT_TYPES.textMenu) return [];
    const menu = placeholder ?? NO_PLACEHOLDER;
    return (options ?? []).map(({ label: entry, value }) => ({ ...common, label: entry, url: null, value, menu }));
  });
}

/** Author, title, description, fields, footer: each a text of its own. Only some of them have mark-up, which we overlook. */
function embedTexts(embed: Wire): string[] {
  const { author, title, description, fields, footer } = embed as {
    author?: { name?: string };
    title?: string;
    description?: string;
    fields?: readonly { name: string; value: string }[];
    footer?: { text?: string };
  };
  return [
    author?.name,
    title,
    description,
    ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
    footer?.text,
  ].map((text) => text ?? '');
}

function seenFile(attachment: StoredAttachment, isVoice: boolean): SeenFile {
  const { bytes, sha256, mimeType } = attachment;
  const kind = /^(?<kind>audio|image)\//u.exec(mimeType)?.groups?.['kind'] as 'audio' | 'image' | undefined;
  return {
    name: shownName(attachment),
    bytes: bytes.byteLength,
    sha256,
    shownAs: isVoice ? 'voice' : (kind ?? 'file'),
  };
}

function namesIn({ people, guilds, channels }: World, { guildId }: Channel): Names {
  const roles = guildId === null ? [] : (guilds.get(guildId)?.roles ?? []);
  return {
    person: (id) => people.get(id)?.displayName ?? null,
    role: (id) => roles.find((role) => role.id === id)?.name ?? null,
    channel: (id) => channels.get(id)?.name ?? null,
  };
}
