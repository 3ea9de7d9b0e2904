/** What an interaction or a message asks of us, without asking anybody. */
import { ApplicationCommandOptionType, ChannelType } from 'discord.js';
import type {
  Attachment,
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  CommandInteractionOption,
  Message,
  MessageContextMenuCommandInteraction,
  StringSelectMenuInteraction,
} from 'discord.js';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { MESSAGE_ACTIONS } from '../core/command-table.ts';
import type { MessageActionVerb } from '../core/command-table.ts';
import { messageWords } from '../core/message-words.ts';
import { splitWords } from '../core/split-words.ts';
import { wordsOf } from '../core/words/words-of.ts';
import { mayBeSong, songOf } from './attachments.ts';
import type { Song } from './attachments.ts';
import { AUDIO_OPTION, TEXT_OPTION } from './register-commands.ts';

type AnyInteraction =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | ButtonInteraction
  | StringSelectMenuInteraction
  | AutocompleteInteraction;

/** A thread, and a forum's post, belongs to the channel above it. */
export function addressOf(interaction: AnyInteraction): ChatAddress {
  const { channelId, channel, applicationId } = interaction;
  const parentId = channel !== null && channel.isThread() ? channel.parentId : null;
  return placeOf(applicationId, channelId ?? '', parentId);
}

export function messageAddress(message: Message, botId: string): ChatAddress {
  const parentId = message.channel.isThread() ? message.channel.parentId : null;
  return placeOf(botId, message.channelId, parentId);
}

function placeOf(botId: string, channelId: string, parentId: string | null): ChatAddress {
  return parentId === null
    ? { platform: 'discord', botId, chatId: channelId, threadId: null }
    : { platform: 'discord', botId, chatId: parentId, threadId: channelId };
}

export function requesterOf(user: { readonly id: string; readonly displayName: string }): Requester {
  return { platform: 'discord', userId: user.id, displayName: displayTitle(user.displayName) };
}

/** The words of the command, its options by name, and the files that it carries. */
export function readSlashCommand(interaction: ChatInputCommandInteraction): {
  readonly path: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly songs: readonly Song[];
  /** A text file, named as songs are. */
  readonly text: Song | null;
} {
  const group = interaction.options.getSubcommandGroup(false);
  const sub = interaction.options.getSubcommand(false);
  const path = [interaction.commandName, group, sub].filter((word) => word !== null);
  const fileOf = (name: string): Song | null => {
    const attachment = sub === null ? interaction.options.getAttachment(name) : null;
    return attachment === null ? null : songOf(partsOf(attachment), null);
  };
  const song = fileOf(AUDIO_OPTION);
  const named = leaves(interaction.options.data).filter(({ type }) => type !== ApplicationCommandOptionType.Attachment);
  return {
    path,
    options: Object.fromEntries(named.map(({ name, value }) => [name, value])),
    songs: song === null ? [] : [song],
    text: fileOf(TEXT_OPTION),
  };
}

function leaves(options: readonly CommandInteractionOption[]): readonly CommandInteractionOption[] {
  return options.flatMap((option) => (option.options === undefined ? [option] : leaves(option.options)));
}

/** Null for an entry of the menu that we do not have any more. */
export function menuVerb({ commandName }: MessageContextMenuCommandInteraction): MessageActionVerb | null {
  const action = MESSAGE_ACTIONS.find(({ verb }) =>
    LANGUAGES.some((language) => wordsOf(language).messageActions[verb] === commandName),
  );
  return action?.verb ?? null;
}

function partsOf({ id, url, name, title, size }: Attachment): Parameters<typeof songOf>[0] {
  return { id, url, filename: name, title, size };
}

/** Files of a message that may be songs, in their order. */
export function songsOf(message: Pick<Message, 'attachments' | 'id' | 'channelId'>): readonly Song[] {
  return [...message.attachments.values()]
    .map((attachment) => ({
      ...partsOf(attachment),
      ...(attachment.contentType === null ? {} : { content_type: attachment.contentType }),
    }))
    .filter(mayBeSong)
    .map((attachment) => songOf(attachment, { channelId: message.channelId, messageId: message.id }));
}

export function isPrivate(message: Message): boolean {
  return message.channel.type === ChannelType.DM;
}

/** What of a message is for the bot. */
export interface SpokenWords {
  readonly words: readonly string[];
  /** They come with a song, and behind other words: what is no command there is talk. */
  readonly isTalk: boolean;
}

/** What follows a mention of the bot, or all of it in private; null where it is not spoken to. */
export function wordsToBot(message: Message, botId: string): SpokenWords | null {
  const mention = new RegExp(`<@!?${botId}>`, 'u').exec(message.content);
  const before = message.content.slice(0, mention?.index ?? 0).trim();
  const behind = message.content.slice((mention?.index ?? 0) + (mention?.[0].length ?? 0));
  if (mention !== null && before === '') return { words: messageWords(behind), isTalk: false };
  if (mention !== null && songsOf(message).length > 0) {
    const words = splitWords(behind);
    return { words: actionVerb(words) === null ? [] : words, isTalk: true };
  }
  return isPrivate(message) ? { words: messageWords(message.content), isTalk: false } : null;
}

/** The command for a song with which the words begin; null where they do not. */
export function actionVerb([first = '']: readonly string[]): MessageActionVerb | null {
  const typed = first.replace(/^\//u, '').toLowerCase();
  return MESSAGE_ACTIONS.find(({ verb }) => verb === typed)?.verb ?? null;
}
