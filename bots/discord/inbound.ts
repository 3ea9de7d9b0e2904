/** From Discord's events to the ledger, or to an answer that only the asker sees. */
import { setTimeout as pause } from 'node:timers/promises';
import { MessageFlags, Routes } from 'discord.js';
import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  Interaction,
  Message,
  MessageContextMenuCommandInteraction,
  REST,
} from 'discord.js';
import { answerCommand, pressAction } from '../core/answer-command.ts';
import { refused } from '../core/answer.ts';
import type { Answer, AnswerDeps } from '../core/answer.ts';
import { PLAIN_SPLIT } from '../core/chat-command.ts';
import type { ReadCommand } from '../core/chat-command.ts';
import { leafCommands, MESSAGE_ACTIONS } from '../core/command-table.ts';
import type { CommandPath } from '../core/command-table.ts';
import { isLink } from '../core/is-link.ts';
import { readCommand, readCommandOptions } from '../core/read-command.ts';
import { suggest } from '../core/suggest.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import type { Song } from './attachments.ts';
import { callDiscord } from './call-discord.ts';
import { buttonRows } from './card-message.ts';
import { inertText } from './inert-text.ts';
import {
  addressOf,
  isPrivate,
  menuVerb,
  messageAddress,
  readSlashCommand,
  requesterOf,
  songsOf,
  wordsToBot,
} from './read-interaction.ts';

type Commanded = ChatInputCommandInteraction | MessageContextMenuCommandInteraction | ButtonInteraction;

export interface DiscordInboundOptions {
  readonly rest: REST;
  readonly botId: string;
  readonly deps: AnswerDeps;
  readonly onError: (error: unknown) => void;
}

export interface DiscordInbound {
  onInteraction(interaction: Interaction): Promise<void>;
  onMessage(message: Message): Promise<void>;
}

/** Discord waits 3 s for the first word; where the database needs longer, it is told that more is coming. */
const DEFER_AFTER_MS = 1800;
const CONTENT_LIMIT = 2000;
const OFFER = /^offer:([a-z]+):(\d{1,20})$/u;

export function createInbound({ rest, botId, deps, onError }: DiscordInboundOptions): DiscordInbound {
  /** Written down first, acknowledged then: an answer that comes too late loses nothing but itself. */
  async function respond(interaction: Commanded, answering: Promise<Answer>): Promise<void> {
    const settled = answering.then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
    const first = await Promise.race([settled, pause(DEFER_AFTER_MS).then(() => null)]);
    if (first === null) await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const result = await settled;
    // Nothing was written down: Discord says by itself that the application did not respond.
    if ('error' in result) throw result.error;
    const { lines, buttons, onlyForAsker } = result.answer;
    const content = lines.map(inertText).join('\n').slice(0, CONTENT_LIMIT);
    const message = { content, components: buttonRows(buttons), allowedMentions: { parse: [] } };
    if (first === null) await interaction.editReply(message);
    else await interaction.reply({ ...message, ...(onlyForAsker ? { flags: MessageFlags.Ephemeral } : {}) });
  }

  async function answerRead(
    read: ReadCommand,
    songs: readonly Song[],
    from: Pick<Parameters<typeof answerCommand>[0], 'address' | 'requester' | 'eventKey'>,
  ): Promise<Answer> {
    if ('failure' in read) {
      const band = await deps.bands.of(from.address, from.requester);
      return refused(read.failure, band.settings.language ?? USUAL_LANGUAGE);
    }
    return await answerCommand({ command: read.command, sources: songs, ...from }, deps);
  }

  function fromOf(interaction: Commanded): Parameters<typeof answerRead>[2] {
    return { address: addressOf(interaction), requester: requesterOf(interaction.user), eventKey: interaction.id };
  }

  async function onSlash(interaction: ChatInputCommandInteraction): Promise<void> {
    const { path, options, songs } = readSlashCommand(interaction);
    await respond(
      interaction,
      answerRead(readCommandOptions(path, options, deps.strategies), songs, fromOf(interaction)),
    );
  }

  async function onMenu(interaction: MessageContextMenuCommandInteraction): Promise<void> {
    if (menuVerb(interaction) === null) return;
    const songs = songsOf(interaction.targetMessage);
    await respond(interaction, answerRead({ command: PLAIN_SPLIT }, songs, fromOf(interaction)));
  }

  async function onButton(interaction: ButtonInteraction): Promise<void> {
    const from = fromOf(interaction);
    const [, verb, messageId] = OFFER.exec(interaction.customId) ?? [];
    if (verb === undefined || messageId === undefined) {
      await respond(interaction, pressAction({ actionId: interaction.customId, ...from }, deps));
      return;
    }
    const message = await interaction.channel?.messages.fetch(messageId).catch(() => null);
    const songs = message == null ? [] : songsOf(message);
    // However often it is pressed: one message with an offer is one request.
    const eventKey = `offer-${messageId}-${verb}`;
    await respond(interaction, answerRead({ command: PLAIN_SPLIT }, songs, { ...from, eventKey }));
  }

  async function onTyping(interaction: AutocompleteInteraction): Promise<void> {
    const { name, value } = interaction.options.getFocused(true);
    const words = [
      interaction.commandName,
      interaction.options.getSubcommandGroup(false),
      interaction.options.getSubcommand(false),
    ];
    const path = words.filter((word) => word !== null).join(' ') as CommandPath;
    const option = leafCommands()
      .find((command) => command.path === path)
      ?.options.find((each) => each.name === name);
    if (option === undefined) return;
    const suggestions = await suggest(
      {
        path,
        option: option.name,
        typed: value,
        address: addressOf(interaction),
        requester: requesterOf(interaction.user),
      },
      deps,
    );
    await interaction.respond(suggestions.map((suggestion) => ({ name: suggestion.label, value: suggestion.value })));
  }

  async function say(message: Message, content: string, buttons: Answer['buttons'] = []): Promise<void> {
    await callDiscord(() =>
      rest.post(Routes.channelMessages(message.channelId), {
        body: {
          content: content.slice(0, CONTENT_LIMIT),
          components: buttonRows(buttons),
          allowed_mentions: { parse: [] },
          message_reference: { message_id: message.id, fail_if_not_exists: false },
        },
      }),
    );
  }

  async function onSpoken(message: Message, words: readonly string[]): Promise<void> {
    const songs = songsOf(message);
    const address = messageAddress(message, botId);
    const requester = requesterOf(message.author);
    const [only = '', ...more] = words;
    if (songs.length > 0 && words.length === 0 && isPrivate(message)) {
      const { messageActions } = wordsOf((await deps.bands.of(address, requester)).settings.language ?? USUAL_LANGUAGE);
      const offers = MESSAGE_ACTIONS.map(({ verb }) => ({
        id: `offer:${verb}:${message.id}`,
        label: messageActions[verb],
        style: 'primary' as const,
      }));
      await say(message, songs.map(({ name }) => inertText(name)).join(', '), offers);
      return;
    }
    const read: ReadCommand =
      words.length === 0
        ? { command: songs.length === 0 ? { kind: 'help' } : PLAIN_SPLIT }
        : isLink(only) && more.length === 0
          ? { command: { ...PLAIN_SPLIT, target: only } }
          : readCommand(words, deps.strategies);
    const answer = await answerRead(read, songs, { address, requester, eventKey: message.id });
    if (answer.kind !== 'accepted') await say(message, answer.lines.map(inertText).join('\n'), answer.buttons);
  }

  async function guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      onError(error);
    }
  }

  return {
    async onInteraction(interaction) {
      await guarded(async () => {
        if (interaction.isChatInputCommand()) await onSlash(interaction);
        else if (interaction.isMessageContextMenuCommand()) await onMenu(interaction);
        else if (interaction.isButton()) await onButton(interaction);
        else if (interaction.isAutocomplete()) await onTyping(interaction);
      });
    },
    async onMessage(message) {
      // Our own words, other bots, webhooks and bridges: two of them would talk for ever.
      if (message.author.bot || message.webhookId !== null || message.system) return;
      const words = wordsToBot(message, botId);
      if (words !== null) await guarded(async () => await onSpoken(message, words));
    },
  };
}
