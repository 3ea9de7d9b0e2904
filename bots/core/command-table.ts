import { CHART_DETAILS } from '../../workflows/contract/chart.ts';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import { QUALITIES, STEM_FORMATS } from '../../workflows/contract/request.ts';
import { CAPO_LIMITS, FRET_LIMITS } from '../../workflows/contract/resolve-tab.ts';
import { TAB_LEVELS, TAB_PARTS } from '../../workflows/contract/tab.ts';

/**
 * `song`: a link, or on the console a path; chats take a file beside it. `strategy`, `stems`, `tuning`, `job`: any text, with suggestions
 * from `suggest.ts`. `choice`: one of {@link CommandOption.choices}. `whole`: a whole number within {@link CommandOption.limits}. `tempo`: a
 * number, or {@link HEARD}. `key`: such as `Em`, or that. `time`: seconds of the song, as a clock shows them. `words`: a text of many lines; on the console the file that holds it.
 */
export type OptionKind =
  | 'song'
  | 'choice'
  | 'strategy'
  | 'stems'
  | 'tuning'
  | 'job'
  | 'whole'
  | 'tempo'
  | 'key'
  | 'time'
  | 'words'
  | 'text';

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
  | 'beat1'
  | 'capo'
  | 'transpose'
  | 'detail'
  | 'words'
  | 'part'
  | 'level'
  | 'tuning'
  | 'frets'
  | 'alone'
  | 'code'
  | 'name'
  | 'language'
  | 'inviteonly'
  | 'forget'
  | 'out';

export interface CommandOption {
  readonly name: OptionName;
  readonly kind: OptionKind;
  /** Of a `choice`; null for anything else. */
  readonly choices: readonly string[] | null;
  /** The least and the largest of a `whole`; null for anything else. */
  readonly limits: readonly [number, number] | null;
  readonly required: boolean;
  /** May be typed without its name, right after the verb. At most one of a command. */
  readonly positional: boolean;
  /** True where only a console knows what it means. */
  readonly consoleOnly: boolean;
}

export type CommandPath =
  | 'split'
  | 'analyze'
  | 'chords'
  | 'lyrics'
  | 'tab'
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
  | 'jam mine'
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
export type Verb = 'split' | 'analyze' | 'chords' | 'lyrics' | 'tab' | 'jobs' | 'cancel' | 'retry' | 'help' | 'jam';

/** What people type; `yes` comes first. */
export const YES_OR_NO = ['yes', 'no'] as const;

/** In place of what a musician knows better: what was heard holds again. */
export const HEARD = 'heard';

/** Quarters in a bar. */
export const METRES = ['3/4', '4/4', HEARD] as const;

/** Semitones; an octave more is the same chords. */
export const TRANSPOSE_LIMITS = [-11, 11] as const;

const SONG: CommandOption = { ...option('song', 'song'), positional: true };
const OUT: CommandOption = { ...option('out', 'text'), consoleOnly: true };
const CAPO = whole('capo', CAPO_LIMITS);
/** What a musician knows better. */
const FACTS = [option('tempo', 'tempo'), choice('metre', METRES), option('key', 'key')];
/** What a tab is played on, and how hard it may be. */
const TAB = [choice('level', TAB_LEVELS), option('tuning', 'tuning'), CAPO, whole('frets', FRET_LIMITS)];
const FORMAT = choice('format', STEM_FORMATS);
const QUALITY = choice('quality', QUALITIES);
const STRATEGY = option('strategy', 'strategy');

/** Every command of every chat. Platforms register, parse and document from this table. */
export const COMMANDS: readonly CommandDefinition[] = [
  command('split', [SONG, STRATEGY, option('want', 'stems'), option('minus', 'stems'), QUALITY, FORMAT, OUT]),
  command('analyze', [SONG, ...FACTS, option('beat1', 'time'), OUT]),
  command('chords', [SONG, CAPO, whole('transpose', TRANSPOSE_LIMITS), choice('detail', CHART_DETAILS), ...FACTS, OUT]),
  command('lyrics', [SONG, option('words', 'words'), OUT]),
  command('tab', [SONG, choice('part', TAB_PARTS), ...TAB, choice('alone', YES_OR_NO), ...FACTS, OUT]),
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
        ...TAB,
      ]),
      command('jam mine', [...TAB, choice('forget', YES_OR_NO)]),
      command('jam status', []),
    ],
  ),
];

/** What a message's context menu offers for the songs in that message; its label is `wordsOf(language).messageActions[verb]`. */
export const MESSAGE_ACTIONS: readonly { readonly verb: MessageActionVerb }[] = [
  { verb: 'split' },
  { verb: 'analyze' },
  { verb: 'chords' },
  { verb: 'lyrics' },
  { verb: 'tab' },
];
/** Commands that take a song. */
export type MessageActionVerb = Extract<Verb, 'split' | 'analyze' | 'chords' | 'lyrics' | 'tab'>;

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
  return { name, kind, choices: null, limits: null, required: false, positional: false, consoleOnly: false };
}

function whole(name: OptionName, limits: readonly [number, number]): CommandOption {
  return { ...option(name, 'whole'), limits };
}

function choice(name: OptionName, choices: readonly string[]): CommandOption {
  return { ...option(name, 'choice'), choices };
}
