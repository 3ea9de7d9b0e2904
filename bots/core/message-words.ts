import { COMMANDS } from './command-table.ts';
import { isLink } from './is-link.ts';
import { splitWords } from './split-words.ts';
import { typedOptions } from './typed-options.ts';

/** A command that takes a text of many lines, with or without the verb that holds all others. */
const LYRICS = /^\s*(?:\/?jam\s+)?\/?lyrics(?=\s|$)/iu;
/** A song: a link, the code of an earlier job, or either as an option. */
const SONG = /^\s*(?:(?:--|—|–)song(?:\s+|=)|song:\s*)?(?:https?:\/\/\S+|[\dA-Z]{6})(?=\s|$)/u;
const NAME = /^\s*(?:(?:--|—|–)words(?:\s+|=)|words:)/iu;
const QUOTED = /^(["'])([\s\S]*)\1$/u;

/** Begins an option. */
const NAMED = /^(?:(?:--|—|–)([a-z]+)|([a-z]+):)/iu;
const SPLIT = COMMANDS.find(({ path }) => path === 'split');

/**
 * The words of a message for `readCommand`: as `splitWords`, but what follows `lyrics` and its song is one text, with its lines, quotes and
 * signs as they are. What other apps share is a link with a title behind it: the title is nobody's wish.
 */
export function messageWords(text: string): readonly string[] {
  const [verb] = LYRICS.exec(text) ?? [];
  if (verb === undefined) return withoutTitle(splitWords(text));
  const behind = text.slice(verb.length);
  const [song = ''] = SONG.exec(behind) ?? [];
  const rest = behind.slice(song.length);
  const sung = rest.replace(NAME, '').trim().replace(QUOTED, '$2').trim();
  return [...splitWords(verb), ...splitWords(song), ...(sung === '' ? [] : [`--words=${sung}`])];
}

function withoutTitle(words: readonly string[]): readonly string[] {
  const [first = '', ...behind] = words;
  if (!isLink(first) || SPLIT === undefined || !('failure' in typedOptions(SPLIT, words))) return words;
  const said = behind.map((word) => NAMED.exec(word)?.slice(1).join('').toLowerCase());
  return SPLIT.options.some(({ name }) => said.includes(name)) ? words : [first];
}
