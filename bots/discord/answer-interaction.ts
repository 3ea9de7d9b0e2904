/** Commands, menus, presses and suggestions: written into the ledger, and answered so that only the asker sees it. */
import { setTimeout as pause } from 'node:timers/promises';
import { MessageFlags } from 'discord.js';
import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  Interaction,
  MessageContextMenuCommandInteraction,
  StringSelectMenuInteraction,
} from 'discord.js';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import { pressAction } from '../core/answer-command.ts';
import { toldInPrivate } from '../core/answer.ts';
import type { Answer, AnswerDeps } from '../core/answer.ts';
import { PLAIN_COMMANDS } from '../core/chat-command.ts';
import { leafCommands } from '../core/command-table.ts';
import type { CommandPath } from '../core/command-table.ts';
import { readCommandOptions } from '../core/read-command.ts';
import { suggest } from '../core/suggest.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import { answerRead } from './answer-read.ts';
import type { From } from './answer-read.ts';
import { actionPosts, beginHere, beginsJob } from './begin-here.ts';
import { buttonRows } from './card-message.ts';
import { inertText } from './inert-text.ts';
import { messageTexts } from './message-texts.ts';
import { readOffer } from './offer.ts';
import type { createWordsReader } from './read-words-attachment.ts';
import { addressOf, menuVerb, readSlashCommand, requesterOf, songsOf } from './read-interaction.ts';

type Commanded =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | ButtonInteraction
  | StringSelectMenuInteraction;

/** Discord waits 3 s for the first word; where the database needs longer, it is told that more is coming. */
const DEFER_AFTER_MS = 1800;

export interface InteractionDeps extends AnswerDeps {
  readonly readWords: ReturnType<typeof createWordsReader>;
}

export async function answerInteraction(interaction: Interaction, deps: InteractionDeps): Promise<void> {
  if (interaction.isChatInputCommand()) await onSlash(interaction, deps);
  else if (interaction.isMessageContextMenuCommand()) await onMenu(interaction, deps);
  else if (interaction.isButton()) await onButton(interaction, deps);
  else if (interaction.isStringSelectMenu()) await onChoice(interaction, deps);
  else if (interaction.isAutocomplete()) await onTyping(interaction, deps);
}

/** Written down first, acknowledged then: an answer that comes too late loses nothing but itself. */
async function respond(interaction: Commanded, answering: Promise<Answer>): Promise<void> {
  const settled = answering.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  const first = await Promise.race([settled, pause(DEFER_AFTER_MS).then(() => null)]);
  if (first === null) await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const result = await settled;
  if ('error' in result) {
    await saySorry(interaction);
    throw result.error;
  }
  const { buttons, onlyForAsker } = result.answer;
  const { lines, links } = toldInPrivate(result.answer);
  const [content, ...more] = messageTexts(lines.map(inertText));
  const allowedMentions = { parse: [] };
  const below = { components: buttonRows(buttons, links) };
  const message = { content, allowedMentions, ...(more.length === 0 ? below : {}) };
  const flags = first === null || onlyForAsker ? { flags: MessageFlags.Ephemeral as const } : {};
  if (first === null) await interaction.editReply(message);
  else await interaction.reply({ ...message, ...flags });
  for (const [index, text] of more.entries()) {
    const last = index === more.length - 1 ? below : {};
    await interaction.followUp({ content: text, allowedMentions, ...last, ...flags });
  }
}

/** Nothing was written down, and "is thinking…" would stand there for a quarter of an hour. In the asker's language: the band's is not known. */
async function saySorry(interaction: Commanded): Promise<void> {
  const language = LANGUAGES.find((each) => interaction.locale.startsWith(each)) ?? USUAL_LANGUAGE;
  const content = wordsOf(language).answers.wentWrong();
  const told = interaction.deferred
    ? interaction.editReply({ content })
    : interaction.reply({ content, flags: MessageFlags.Ephemeral });
  // What went wrong first is what counts.
  await told.catch(() => undefined);
}

function fromOf(interaction: Commanded): From {
  return { address: addressOf(interaction), requester: requesterOf(interaction.user), eventKey: interaction.id };
}

async function onSlash(interaction: ChatInputCommandInteraction, deps: InteractionDeps): Promise<void> {
  const { path, options, songs, text } = readSlashCommand(interaction);
  const read = readCommandOptions(path, options, deps.strategies);
  const from = fromOf(interaction);
  const answer = async (): Promise<Answer> => await answerRead(await deps.readWords(read, text), songs, from, deps);
  await respond(interaction, beginsJob(read) ? beginHere(interaction, from, deps, answer) : answer());
}

async function onMenu(interaction: MessageContextMenuCommandInteraction, deps: AnswerDeps): Promise<void> {
  const verb = menuVerb(interaction);
  if (verb === null) return;
  const songs = songsOf(interaction.targetMessage);
  const from = fromOf(interaction);
  const answer = async (): Promise<Answer> => await answerRead({ command: PLAIN_COMMANDS[verb] }, songs, from, deps);
  await respond(interaction, beginHere(interaction, from, deps, answer));
}

async function onButton(interaction: ButtonInteraction, deps: AnswerDeps): Promise<void> {
  const from = fromOf(interaction);
  const offer = readOffer(interaction.customId);
  if (offer === null) {
    await onAction(interaction, interaction.customId, deps);
    return;
  }
  const { verb, messageId } = offer;
  const message = await interaction.channel?.messages.fetch(messageId).catch(() => null);
  const songs = message == null ? [] : songsOf(message);
  // However often it is pressed: one message with an offer is one request at a time.
  const offered = { ...from, eventKey: `offer-${messageId}-${verb}`, pressKey: from.eventKey };
  await respond(interaction, answerRead({ command: PLAIN_COMMANDS[verb] }, songs, offered, deps));
}

/** An entry's value is what a button's id is. */
async function onChoice(interaction: StringSelectMenuInteraction, deps: AnswerDeps): Promise<void> {
  await onAction(interaction, interaction.values[0] ?? '', deps);
}

async function onAction(
  interaction: ButtonInteraction | StringSelectMenuInteraction,
  actionId: string,
  deps: AnswerDeps,
): Promise<void> {
  const from = fromOf(interaction);
  const answer = async (): Promise<Answer> => await pressAction({ actionId, ...from }, deps);
  await respond(interaction, actionPosts(actionId) ? beginHere(interaction, from, deps, answer) : answer());
}

async function onTyping(interaction: AutocompleteInteraction, deps: AnswerDeps): Promise<void> {
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
