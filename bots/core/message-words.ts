import { splitWords } from './split-words.ts';

/** A command that takes a text of many lines, with or without the verb that holds all others. */
const LYRICS = /^\s*(?:\/?jam\s+)?\/?lyrics(?=\s|$)/iu;
/** A song: a link, the code of an earlier job, or either as an option. */
const SONG = /^\s*(?:(?:--|—|–)song(?:\s+|=)|song:\s*)?(?:https?:\/\/\S+|[\dA-Z]{6})(?=\s|$)/u;
const NAME = /^\s*(?:(?:--|—|–)words(?:\s+|=)|words:)/iu;
const QUOTED = /^(["'])([\s\S]*)\1$/u;

/**
 * The words of a message for `readCommand`: as `splitWords`, but what follows `lyrics` and its song is one text, with its lines, quotes and
 * signs as they are.
 */
export function messageWords(text: string): readonly string[] {
  const [verb] = LYRICS.exec(text) ?? [];
  if (verb === undefined) return splitWords(text);
  const behind = text.slice(verb.length);
  const [song = ''] = SONG.exec(behind) ?? [];
  const rest = behind.slice(song.length);
  const sung = rest.replace(NAME, '').trim().replace(QUOTED, '$2').trim();
  return [...splitWords(verb), ...splitWords(song), ...(sung === '' ? [] : [`--words=${sung}`])];
}
