import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import { QUALITIES, STEM_FORMATS } from '../../workflows/contract/request.ts';

/**
 * `song`: a link, or on the console a path; chats take a file beside it. `strategy`, `stems`, `job`: any text, with suggestions from
 * `suggest.ts`. `choice`: one of {@link CommandOption.choices}. `tempo`: a number. `key`: such as `Em`.
 */
export type OptionKind = 'song' | 'choice' | 'strategy' | 'stems' | 'job' | 'tempo' | 'key' | 'text';

export type OptionName =
  | 'song'
  | 'strategy'
  | 'want'
  | 'minus'
  | 'quality'
  | 'format'
  | 'tempo'
  | 'metre'
  | 'key'
  | 'code'
  | 'name'
  | 'language'
  | 'inviteonly'
  | 'out';

export interface CommandOption {
  readonly name: OptionName;
  readonly kind: OptionKind;
  /** Of a `choice`; null for anything else. */
  readonly choices: readonly string[] | null;
  readonly required: boolean;
  /** May be typed without its name, right after the verb. At most one of a command. */
  readonly positional: boolean;
  /** True where only a console knows what it means. */
  readonly consoleOnly: boolean;
}

export type CommandPath =
  | 'split'
  | 'analyze'
  | 'jobs'
  | 'cancel'
  | 'retry'
  | 'help'
  | 'jam'
  | 'jam band'
  | 'jam band create'
  | 'jam band code'
  | 'jam band join'
  | 'jam band leave'
  | 'jam link'
  | 'jam unlink'
  | 'jam settings'
  | 'jam status';

/** Its summary is `wordsOf(language).summaries[path]`, an option's `wordsOf(language).options[name]`. */
export interface CommandDefinition {
  /** The last word of {@link path}. */
  readonly name: string;
  readonly path: CommandPath;
  readonly options: readonly CommandOption[];
  /** A command with sub-commands does nothing by itself; two levels at most. */
  readonly subcommands: readonly CommandDefinition[];
}

/** Commands by the names that people type first. */
export type Verb = 'split' | 'analyze' | 'jobs' | 'cancel' | 'retry' | 'help' | 'jam';

/** What people type; `yes` comes first. */
export const YES_OR_NO = ['yes', 'no'] as const;

/** Quarters in a bar. */
export const METRES = ['3/4', '4/4'] as const;

const FORMAT = choice('format', STEM_FORMATS);
const QUALITY = choice('quality', QUALITIES);
const STRATEGY = option('strategy', 'strategy');

/** Every command of every chat. Platforms register, parse and document from this table. */
export const COMMANDS: readonly CommandDefinition[] = [
  command('split', [
    { ...option('song', 'song'), positional: true },
    STRATEGY,
    option('want', 'stems'),
    option('minus', 'stems'),
    QUALITY,
    FORMAT,
    { ...option('out', 'text'), consoleOnly: true },
  ]),
  command('analyze', [
    { ...option('song', 'song'), positional: true },
    option('tempo', 'tempo'),
    choice('metre', METRES),
    option('key', 'key'),
    { ...option('out', 'text'), consoleOnly: true },
  ]),
  command('jobs', []),
  command('cancel', [{ ...option('code', 'job'), positional: true }]),
  command('retry', [{ ...option('code', 'job'), positional: true }, QUALITY, FORMAT]),
  command('help', []),
  command(
    'jam',
    [],
    [
      command(
        'jam band',
        [],
        [
          command('jam band create', [{ ...option('name', 'text'), positional: true }]),
          command('jam band code', []),
          command('jam band join', [{ ...option('code', 'text'), positional: true, required: true }]),
          command('jam band leave', []),
        ],
      ),
      command('jam link', [{ ...option('code', 'text'), positional: true }]),
      command('jam unlink', []),
      command('jam settings', [
        STRATEGY,
        QUALITY,
        FORMAT,
        choice('language', LANGUAGES),
        choice('inviteonly', YES_OR_NO),
      ]),
      command('jam status', []),
    ],
  ),
];

/** What a message's context menu offers for the songs in that message; its label is `wordsOf(language).messageActions[verb]`. */
export const MESSAGE_ACTIONS: readonly { readonly verb: MessageActionVerb }[] = [
  { verb: 'split' },
  { verb: 'analyze' },
];
export type MessageActionVerb = Extract<Verb, 'split' | 'analyze'>;

/** The commands that can be given, sub-commands in place of those that only hold them. */
export function leafCommands(commands: readonly CommandDefinition[] = COMMANDS): readonly CommandDefinition[] {
  return commands.flatMap((each) => (each.subcommands.length === 0 ? [each] : leafCommands(each.subcommands)));
}

function command(
  path: CommandPath,
  options: readonly CommandOption[],
  subcommands: readonly CommandDefinition[] = [],
): CommandDefinition {
  return { name: path.slice(path.lastIndexOf(' ') + 1), path, options, subcommands };
}

function option(name: OptionName, kind: OptionKind): CommandOption {
  return { name, kind, choices: null, required: false, positional: false, consoleOnly: false };
}

function choice(name: OptionName, choices: readonly string[]): CommandOption {
  return { ...option(name, 'choice'), choices };
}
