/** The one door for commands: typed words and maps of options become the same {@link ChatCommand}, or a refusal in plain words. */
import { displayTitle } from '../../workflows/contract/display-title.ts';
import type { StemPick } from '../../workflows/contract/request.ts';
import { NO_TAB_PREFERENCES } from '../../workflows/contract/tab.ts';
import type { ChatCommand, ReadCommand } from './chat-command.ts';
import { COMMANDS } from './command-table.ts';
import type { CommandDefinition, CommandPath } from './command-table.ts';
import { isLink } from './is-link.ts';
import { VALUES } from './option-values.ts';
import type { Values } from './option-values.ts';
import { explain, invalid, invalidOption } from './option-refusal.ts';
import type { Refusal } from './option-refusal.ts';
import { analyzeOf, chordsOf, lyricsOf, tabOf, tabPreferencesOf } from './read-sheet.ts';
import { allStems } from './strategies.ts';
import type { Strategies } from './strategies.ts';
import { splitStemWords, stemOf } from './stem-words.ts';
import { typedOptions } from './typed-options.ts';

/**
 * Reads what somebody typed, split into words (`split-words.ts`), the chat's own mark-up off: `split song.mp3 --strategy band`,
 * `/split strategy:band want:vocals,drums`, `/jam split …`, `jam band join CODE`; a link alone is split. Never throws.
 */
export function readCommand(words: readonly string[], strategies: Strategies): ReadCommand {
  const [first = 'help', ...rest] = words;
  const verb = first.replace(/^\//u, '').toLowerCase();
  const start = isLink(first) ? ['split', ...words] : verb === 'jam' && isVerb(rest[0]) ? [...rest] : [verb, ...rest];
  const found = find(start);
  if (found === null) {
    return invalid('/command', COMMANDS.map(({ name }) => name).join(', '));
  }
  const typed = typedOptions(found.definition, found.rest);
  return 'failure' in typed ? typed : read(found.definition, typed.options, strategies);
}

/**
 * Reads a command that the platform has taken apart already.
 * @param path such as `['jam', 'band', 'join']`
 * @param options by name; null and undefined are options that were not given
 */
export function readCommandOptions(
  path: readonly string[],
  options: Readonly<Record<string, unknown>>,
  strategies: Strategies,
): ReadCommand {
  const found = find(path);
  if (found === null || found.rest.length > 0) {
    return invalid('/command', COMMANDS.map(({ name }) => name).join(', '));
  }
  const given = Object.entries(options).filter(([, value]) => value !== null && value !== undefined);
  const { definition } = found;
  if (given.some(([name]) => !definition.options.some((option) => option.name === name))) {
    return invalidOption(definition);
  }
  return read(definition, Object.fromEntries(given), strategies);
}

function isVerb(word: string | undefined): boolean {
  return COMMANDS.some(({ name }) => name !== 'jam' && name === word?.toLowerCase());
}

const HELP = COMMANDS.find(({ path }) => path === 'help');

/** The deepest command that the words name, and what comes after it. A holder of sub-commands by itself is asking for help. */
function find(
  words: readonly string[],
): { readonly definition: CommandDefinition; readonly rest: readonly string[] } | null {
  let definitions = COMMANDS;
  for (const [index, word] of words.entries()) {
    const name = word.toLowerCase() === 'start' && index === 0 ? 'help' : word.toLowerCase();
    const definition = definitions.find((each) => each.name === name);
    if (definition === undefined) {
      return null;
    }
    if (definition.subcommands.length === 0) {
      // A deep link (`/start abc`) carries what is nobody's option.
      return { definition, rest: definition.path === 'help' ? [] : words.slice(index + 1) };
    }
    definitions = definition.subcommands;
  }
  return HELP === undefined ? null : { definition: HELP, rest: [] };
}

function read(definition: CommandDefinition, options: Record<string, unknown>, strategies: Strategies): ReadCommand {
  const storable = Object.entries(options).map(([name, value]) => [name, storableText(value)]);
  const parsed = VALUES.safeParse(Object.fromEntries(storable));
  if (!parsed.success) {
    return explain(definition, String(parsed.error.issues[0]?.path[0]), strategies);
  }
  const missing = definition.options.find((option) => option.required && parsed.data[option.name] === undefined);
  if (missing !== undefined) {
    return explain(definition, missing.name, strategies);
  }
  const { strategy } = parsed.data;
  if (strategy !== undefined && !strategies.has(strategy)) {
    return explain(definition, 'strategy', strategies);
  }
  return commandOf(definition.path, parsed.data, strategies);
}

/** PostgreSQL keeps no text with a zero in it, and no JSON with half a character. */
function storableText(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value;
}

function commandOf(path: CommandPath, values: Values, strategies: Strategies): ReadCommand {
  switch (path) {
    case 'split':
      return splitOf(values, strategies);
    case 'analyze':
      return { command: analyzeOf(values) };
    case 'chords':
      return { command: chordsOf(values) };
    case 'lyrics':
      return { command: lyricsOf(values) };
    case 'tab':
      return tabOf(values);
    case 'jobs':
      return { command: { kind: 'jobs' } };
    case 'cancel':
      return { command: { kind: 'cancel', code: values.code ?? null } };
    case 'retry':
      return {
        command: {
          kind: 'retry',
          code: values.code ?? null,
          quality: values.quality ?? null,
          format: values.format ?? null,
        },
      };
    case 'jam band create':
      return {
        command: { kind: 'band-create', name: values.name === undefined ? null : displayTitle(values.name) },
      };
    case 'jam band code':
      return { command: { kind: 'band-code' } };
    case 'jam band join':
      return { command: { kind: 'band-join', code: values.code ?? '' } };
    case 'jam band leave':
      return { command: { kind: 'band-leave' } };
    case 'jam link':
      return { command: { kind: 'link', code: values.code ?? null } };
    case 'jam unlink':
      return { command: { kind: 'unlink' } };
    case 'jam settings':
      return settingsOf(values);
    case 'jam mine':
      return mineOf(values);
    case 'jam status':
      return { command: { kind: 'status' } };
    case 'help':
    case 'jam':
    case 'jam band':
      return { command: { kind: 'help' } };
  }
}

function splitOf(values: Values, strategies: Strategies): ReadCommand {
  const pick = pickOf(values, strategies);
  if ('failure' in pick) {
    return pick;
  }
  const command: ChatCommand = {
    kind: 'split',
    target: values.song ?? null,
    options: {
      strategy: values.strategy ?? null,
      quality: values.quality ?? null,
      format: values.format ?? null,
      pick: pick.pick,
    },
    out: values.out ?? null,
  };
  return { command };
}

function settingsOf(values: Values): ReadCommand {
  const { strategy, quality, format, language, inviteonly } = values;
  const tab = tabPreferencesOf(values, null);
  if ('failure' in tab) {
    return tab;
  }
  const inviteOnly = inviteonly === undefined ? undefined : inviteonly === 'yes';
  const changes = withoutUndefined({ strategy, quality, format, language, inviteOnly });
  return { command: { kind: 'settings', changes, tab: tab.preferences } };
}

function mineOf(values: Values): ReadCommand {
  const tab = tabPreferencesOf(values, null);
  if ('failure' in tab) {
    return tab;
  }
  const before = values.forget === 'yes' ? NO_TAB_PREFERENCES : {};
  return { command: { kind: 'mine', tab: { ...before, ...tab.preferences } } };
}

function pickOf({ want, minus }: Values, strategies: Strategies): { readonly pick: StemPick } | Refusal {
  if (want !== undefined && minus !== undefined) {
    return invalid('minus', 'want');
  }
  const typed = want ?? minus;
  const words = splitStemWords(typed ?? '');
  if (typed === undefined || (want !== undefined && words.length === 1 && words[0]?.toLowerCase() === 'all')) {
    return { pick: { kind: 'all' } };
  }
  const known = allStems(strategies);
  const stems = words.map((word) => stemOf(word, known));
  if (stems.length === 0 || stems.includes(null)) {
    return { failure: { code: 'unknown-stem', facts: { known: known.join(', ') } } };
  }
  const named = [...new Set(stems.filter((stem) => stem !== null))];
  return { pick: { kind: want === undefined ? 'minus' : 'want', stems: named } };
}

function withoutUndefined<T extends Record<string, unknown>>(
  values: T,
): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
