/** What an application command may be: https://docs.discord.com/developers/interactions/application-commands */
import { z } from 'zod';

export const OPTION_TYPES = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;
export const COMMAND_TYPES = { slash: 1, user: 2, message: 3 } as const;

const MOST = 25;
/** Names, descriptions and values of one command together; of translations the longest counts. */
const LETTERS = 8000;
const SLASH_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

const slashName = z
  .string()
  .regex(SLASH_NAME)
  .refine((name) => name === name.toLowerCase(), 'Must be lower case.');
const description = z.string().min(1).max(100);
const translations = (text: z.ZodType<string>): z.ZodType<Record<string, string> | null | undefined> =>
  z.record(z.string(), text).nullish();
const choice = z.object({
  name: z.string().min(1).max(100),
  name_localizations: translations(z.string().min(1).max(100)),
  value: z.union([z.string().max(100), z.number()]),
});

export interface CommandOption {
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly name_localizations?: Readonly<Record<string, string>> | null | undefined;
  readonly description_localizations?: Readonly<Record<string, string>> | null | undefined;
  readonly required?: boolean | undefined;
  readonly autocomplete?: boolean | undefined;
  readonly choices?: readonly z.output<typeof choice>[] | null | undefined;
  readonly options?: readonly CommandOption[] | null | undefined;
  readonly min_value?: number | undefined;
  readonly max_value?: number | undefined;
  readonly min_length?: number | undefined;
  readonly max_length?: number | undefined;
}

const option: z.ZodType<CommandOption> = z.lazy(() =>
  z
    .object({
      type: z.int().min(1).max(11),
      name: slashName,
      name_localizations: translations(slashName),
      description,
      description_localizations: translations(description),
      required: z.boolean().optional(),
      autocomplete: z.boolean().optional(),
      choices: z.array(choice).max(MOST).nullish(),
      options: options.nullish(),
      channel_types: z.array(z.int()).optional(),
      min_value: z.number().optional(),
      max_value: z.number().optional(),
      min_length: z.int().min(0).max(6000).optional(),
      max_length: z.int().min(1).max(6000).optional(),
    })
    .superRefine(({ type, autocomplete, choices, options: inner }, context) => {
      const complain = (path: string, message: string): void =>
        context.addIssue({ code: 'custom', path: [path], message });
      if (autocomplete === true && (choices?.length ?? 0) > 0) {
        complain('choices', 'Choices and autocomplete exclude each other.');
      }
      const mayHoldChoices = [OPTION_TYPES.string, OPTION_TYPES.integer, OPTION_TYPES.number].includes(
        type as 3 | 4 | 10,
      );
      if (!mayHoldChoices && (autocomplete === true || (choices?.length ?? 0) > 0)) {
        complain('type', 'Only texts and numbers have choices.');
      }
      const isHolder = type === OPTION_TYPES.subcommand || type === OPTION_TYPES.group;
      if (!isHolder && (inner?.length ?? 0) > 0) complain('options', 'Only sub-commands have options.');
      for (const below of inner ?? []) {
        const isSub = below.type === OPTION_TYPES.subcommand;
        if (type === OPTION_TYPES.group ? !isSub : isSub || below.type === OPTION_TYPES.group) {
          complain('options', 'A group holds sub-commands, and a sub-command holds neither.');
        }
      }
    }),
);
const options = z
  .array(option)
  .max(MOST)
  .superRefine((all, context) => {
    const complain = (index: number, message: string): void =>
      context.addIssue({ code: 'custom', path: [index], message });
    const isHolder = ({ type }: CommandOption): boolean =>
      type === OPTION_TYPES.subcommand || type === OPTION_TYPES.group;
    for (const [index, one] of all.entries()) {
      if (all.findIndex(({ name }) => name === one.name) < index) complain(index, 'Option names have to be unique.');
      if (index > 0 && one.required === true && all[index - 1]?.required !== true && !isHolder(one)) {
        complain(index, 'Required options must be placed before non-required options.');
      }
      if (all.some(isHolder) && !isHolder(one)) complain(index, 'Sub-commands and options do not go together.');
    }
  });

export interface NewCommand {
  readonly type: number;
  readonly name: string;
  readonly name_localizations?: Readonly<Record<string, string>> | null | undefined;
  readonly description: string;
  readonly description_localizations?: Readonly<Record<string, string>> | null | undefined;
  readonly options?: readonly CommandOption[] | null | undefined;
  readonly contexts?: readonly number[] | null | undefined;
}

export const commandSchema: z.ZodType<NewCommand> = z
  .object({
    type: z.int().min(1).max(3).default(COMMAND_TYPES.slash),
    name: z.string().min(1).max(32),
    name_localizations: translations(z.string().min(1).max(32)),
    description: z.string().max(100).default(''),
    description_localizations: translations(z.string().max(100)),
    options: options.nullish(),
    contexts: z.array(z.int().min(0).max(2)).nullish(),
    integration_types: z.array(z.int().min(0).max(1)).nullish(),
    default_member_permissions: z.string().nullish(),
    nsfw: z.boolean().nullish(),
  })
  .superRefine((command, context) => {
    const { type, name, description: text, options: given } = command;
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (type === COMMAND_TYPES.slash) {
      if (!slashName.safeParse(name).success) complain('name', 'Command name is invalid');
      if (text === '') complain('description', 'This field is required');
      if (letters(command) > LETTERS) complain('options', `A command has at most ${String(LETTERS)} letters.`);
    } else {
      if (text !== '') complain('description', 'Context menu commands cannot have description');
      if ((given?.length ?? 0) > 0) complain('options', 'Context menu commands cannot have options');
    }
  });

function letters(command: NewCommand | CommandOption): number {
  const longest = (text: string, translated: Readonly<Record<string, string>> | null | undefined): number =>
    Math.max(text.length, ...Object.values(translated ?? {}).map(({ length }) => length));
  const choices = 'choices' in command ? (command.choices ?? []) : [];
  return (
    longest(command.name, command.name_localizations) +
    longest(command.description, command.description_localizations) +
    choices.reduce((sum, one) => sum + longest(one.name, one.name_localizations) + String(one.value).length, 0) +
    (command.options ?? []).reduce((sum, one) => sum + letters(one), 0)
  );
}
