/** Discord's form of the one command table. */
import { ApplicationCommandOptionType, ApplicationCommandType, InteractionContextType, Routes } from 'discord.js';
import type {
  APIApplicationCommandBasicOption,
  APIApplicationCommandOption,
  LocalizationMap,
  REST,
  RESTPutAPIApplicationCommandsJSONBody,
} from 'discord.js';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import type { Language } from '../../workflows/contract/job-view.ts';
import { COMMANDS, MESSAGE_ACTIONS } from '../core/command-table.ts';
import type { CommandDefinition, CommandOption, OptionKind } from '../core/command-table.ts';
import { wordsOf } from '../core/words/words-of.ts';
import type { Words } from '../core/words/words.ts';

/** The option that carries a file; the table's `song` is a link or a code, typed. */
export const AUDIO_OPTION = 'audio';
/** The option that carries a text file: Discord makes one line of what is pasted into the table's `words`. */
export const TEXT_OPTION = 'text';
const DESCRIPTION_LIMIT = 100;
/** How Discord calls our languages. */
const LOCALES = { en: 'en-US', de: 'de', es: 'es-ES' } as const satisfies Record<Language, string>;
/** In servers, and in private with the bot. */
const CONTEXTS = [InteractionContextType.Guild, InteractionContextType.BotDM];

/** What `suggest.ts` has something for. */
const SUGGESTED: ReadonlySet<OptionKind> = new Set<OptionKind>(['song', 'strategy', 'stems', 'tuning', 'job']);

/** Every command, and an entry of the message menu for each that works on a message. */
export function commandBodies(): RESTPutAPIApplicationCommandsJSONBody {
  const typed = COMMANDS.map((command) => ({
    type: ApplicationCommandType.ChatInput as const,
    name: command.name,
    ...described((words) => words.summaries[command.path]),
    contexts: CONTEXTS,
    options: optionsOf(command),
  }));
  const menu = MESSAGE_ACTIONS.map(({ verb }) => ({
    type: ApplicationCommandType.Message as const,
    name: wordsOf('en').messageActions[verb],
    name_localizations: localised((words) => words.messageActions[verb]),
    contexts: CONTEXTS,
  }));
  return [...typed, ...menu];
}

/** @param guildId commands of one server appear at once; null registers them everywhere */
export async function registerCommands(rest: REST, applicationId: string, guildId: string | null): Promise<number> {
  const body = commandBodies();
  await rest.put(
    guildId === null
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId),
    { body },
  );
  return body.length;
}

function optionsOf({ path, options, subcommands }: CommandDefinition): APIApplicationCommandOption[] {
  if (subcommands.length > 0) return subcommands.map(subcommand);
  const basic = basicOptions(options);
  // Whatever takes a typed song takes a file too.
  if (!options.some(({ kind }) => kind === 'song')) return basic;
  const words = options.filter(({ kind }) => kind === 'words');
  return [
    attachment(AUDIO_OPTION, (own) => own.summaries[path]),
    ...basic,
    ...words.map(({ name }) => attachment(TEXT_OPTION, (own) => own.options[name])),
  ];
}

function attachment(name: string, text: (words: Words) => string): APIApplicationCommandBasicOption {
  return { type: ApplicationCommandOptionType.Attachment, name, ...described(text), required: false };
}

/** One level below a command: a command of its own, or a group of them. */
function subcommand(command: CommandDefinition): APIApplicationCommandOption {
  const { name, path, options, subcommands } = command;
  const shared = { name, ...described((words) => words.summaries[path]) };
  return subcommands.length === 0
    ? { type: ApplicationCommandOptionType.Subcommand, ...shared, options: basicOptions(options) }
    : {
        type: ApplicationCommandOptionType.SubcommandGroup,
        ...shared,
        options: subcommands.map((below) => ({
          type: ApplicationCommandOptionType.Subcommand,
          name: below.name,
          ...described((words) => words.summaries[below.path]),
          options: basicOptions(below.options),
        })),
      };
}

function basicOptions(options: readonly CommandOption[]): APIApplicationCommandBasicOption[] {
  // Required options have to come first.
  return options
    .filter(({ consoleOnly }) => !consoleOnly)
    .toSorted((a, b) => Number(b.required) - Number(a.required))
    .map((option): APIApplicationCommandBasicOption => {
      const shared = {
        name: option.name,
        ...described((words) => words.options[option.name]),
        required: option.required,
      };
      const type = ApplicationCommandOptionType.String as const;
      if (option.kind === 'choice') {
        return { type, ...shared, choices: (option.choices ?? []).map((choice) => ({ name: choice, value: choice })) };
      }
      if (option.limits !== null) {
        const [least, largest] = option.limits;
        return { ...shared, type: ApplicationCommandOptionType.Integer, min_value: least, max_value: largest };
      }
      return SUGGESTED.has(option.kind) ? { type, ...shared, autocomplete: true } : { type, ...shared };
    });
}

function described(text: (words: Words) => string): {
  readonly description: string;
  readonly description_localizations: LocalizationMap;
} {
  return {
    description: text(wordsOf('en')).slice(0, DESCRIPTION_LIMIT),
    description_localizations: localised((words) => text(words).slice(0, DESCRIPTION_LIMIT)),
  };
}

function localised(text: (words: Words) => string): LocalizationMap {
  return Object.fromEntries(LANGUAGES.map((language) => [LOCALES[language], text(wordsOf(language))]));
}
