import type { CommandDefinition } from './command-table.ts';
import { invalidOption } from './option-refusal.ts';
import type { Refusal } from './option-refusal.ts';

/** `--name value`, `--name=value` (also with the dash that phones make of two), `name:value`, `name: value`. */
const OPTION = /^(?:(?:--|—|–)([a-z]+)(?:=(.*))?|([a-z]{2,20}):(?!\/\/)(.*))$/isu;

/** The options of a typed command by name; a word without a name is the positional one. */
export function typedOptions(
  definition: CommandDefinition,
  words: readonly string[],
): { readonly options: Record<string, string> } | Refusal {
  const options: Record<string, string> = {};
  const positional = definition.options.find((option) => option.positional);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const match = OPTION.exec(word);
    if (match === null) {
      if (word.startsWith('--')) {
        return invalidOption(definition);
      }
      // Names of several words come without quotes in chats; a song is one word.
      if (positional?.kind === 'text' && options[positional.name] !== undefined) {
        options[positional.name] += ` ${word}`;
      } else if (positional !== undefined) {
        options[positional.name] ??= word;
      }
      continue;
    }
    const name = (match[1] ?? match[3] ?? '').toLowerCase();
    const option = definition.options.find((each) => each.name === name);
    let value = match[2] ?? match[4];
    if (value === undefined || (match[3] !== undefined && value === '')) {
      index += 1;
      value = words[index];
    }
    if (option === undefined || value === undefined || value.startsWith('--')) {
      return invalidOption(definition);
    }
    options[option.name] = option.kind === 'choice' || option.kind === 'strategy' ? value.toLowerCase() : value;
  }
  return { options };
}
