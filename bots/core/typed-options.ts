import { HEARD, YES_OR_NO } from './command-table.ts';
import type { CommandDefinition, CommandOption, OptionKind } from './command-table.ts';
import { invalidOption, notUnderstood } from './option-refusal.ts';
import type { Refusal } from './option-refusal.ts';
import { isSong, typedSong } from './typed-song.ts';

/** `--name value`, `--name=value` (also with the dash that phones make of two), `name:value`, `name: value`. */
const OPTION = /^(?:(?:--|—|–)([a-z]+\d?)(?:=(.*))?|([a-z]{2,20}\d?):(?!\/\/)(.*))$/isu;

/** Values of several words: `F# minor`, `C2 G2 C3 G3 C4 E4`, `vocals and drums`. */
const OF_MANY_WORDS: ReadonlySet<OptionKind> = new Set<OptionKind>(['key', 'tuning', 'stems']);
/** Whose names may be any word of a title. */
const OF_ANY_WORD: ReadonlySet<OptionKind> = new Set<OptionKind>(['song', 'job', 'words', 'text']);

/** Somebody who is to see it: nothing of what is asked for. */
const MENTION = /^(?:<@[^>]+>|@[\w-]+)$/u;

/** What a word begins: the option is null where the command has none of that name; the value, where it stands in the next word. */
interface Named {
  readonly option: CommandOption | null;
  readonly value: string | null;
}

/**
 * The options of a typed command by name. A word without a name is one of a choice's values (`bass`), the name of an option whose value comes next
 * (`capo 2`), or belongs to the positional option; what is none of these is refused, since whoever typed it meant something.
 */
export function typedOptions(
  definition: CommandDefinition,
  words: readonly string[],
): { readonly options: Record<string, string> } | Refusal {
  const options: Record<string, string> = {};
  const bare: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const named = namedBy(word, definition);
    if (named === null) {
      if (word.startsWith('--')) return notUnderstood(definition, [word]);
      const choice = choiceOf(word, definition);
      if (choice !== undefined && options[choice.name] === undefined) options[choice.name] = word.toLowerCase();
      else bare.push(word);
      continue;
    }
    const { option } = named;
    if (option === null) return notUnderstood(definition, [word]);
    let { value } = named;
    if (value === null) {
      index += 1;
      value = words[index] ?? null;
    }
    if (value === null || value.startsWith('--')) return invalidOption(definition);
    for (let next = words[index + 1]; next !== undefined && goesOn(option, value, next, definition);) {
      value += ` ${next}`;
      index += 1;
      next = words[index + 1];
    }
    options[option.name] = option.kind === 'choice' || option.kind === 'strategy' ? value.toLowerCase() : value;
  }
  return withPositional(definition, options, bare);
}

function namedBy(word: string, { options }: CommandDefinition): Named | null {
  const [matched, dashed, behindEquals, colonned, behindColon] = OPTION.exec(word) ?? [];
  const name = (dashed ?? colonned ?? word).toLowerCase();
  const option = options.find((each) => each.name === name) ?? null;
  if (matched === undefined) {
    return option === null || OF_ANY_WORD.has(option.kind) ? null : { option, value: null };
  }
  return { option, value: behindEquals ?? (behindColon === '' ? null : (behindColon ?? null)) };
}

/** The one choice of the command that has such a value; `yes` and `heard` alone say nothing. */
function choiceOf(word: string, { options }: CommandDefinition): CommandOption | undefined {
  const value = word.toLowerCase();
  if (value === HEARD) return undefined;
  const having = options.filter(({ choices }) => choices !== YES_OR_NO && choices?.includes(value) === true);
  return having.length === 1 ? having[0] : undefined;
}

/** Whether a value of many words has the next word too. */
function goesOn({ kind }: CommandOption, value: string, next: string, definition: CommandDefinition): boolean {
  if (kind === 'tempo') return /^bpm$/iu.test(next);
  if (!OF_MANY_WORDS.has(kind) || next.startsWith('--') || namedBy(next, definition) !== null) return false;
  if (MENTION.test(next)) return false;
  return /[,+;&]$/u.test(value) || (!isSong(next) && choiceOf(next, definition) === undefined);
}

function withPositional(
  definition: CommandDefinition,
  options: Readonly<Record<string, string>>,
  words: readonly string[],
): { readonly options: Record<string, string> } | Refusal {
  const positional = definition.options.find((option) => option.positional);
  const bare = positional?.kind === 'text' ? words : words.filter((word) => !MENTION.test(word));
  // What takes nothing cannot be mistaken.
  if (definition.options.length === 0 || (positional === undefined && bare.length === 0)) return { options };
  if (positional === undefined) return notUnderstood(definition, bare);
  const { name, kind } = positional;
  const named = options[name];
  const { taken, surplus } = takenBy(kind, named === undefined ? bare : [named, ...bare]);
  if (surplus.length > 0) return notUnderstood(definition, surplus);
  return { options: taken === undefined ? options : { ...options, [name]: taken } };
}

/** Names of several words come without quotes in chats; a job's code is one word. */
function takenBy(
  kind: OptionKind,
  words: readonly string[],
): { readonly taken: string | undefined; readonly surplus: readonly string[] } {
  if (kind === 'song') {
    const { song, surplus } = typedSong(words);
    return { taken: song, surplus };
  }
  const [first, ...others] = words;
  if (kind !== 'text' || first === undefined) return { taken: first, surplus: others };
  return { taken: words.join(' '), surplus: [] };
}
