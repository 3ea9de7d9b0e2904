/** What was wrong with an option, as facts for one plain sentence. It repeats what was typed only where nothing else can say what is meant. */
import { displayTitle } from '../../workflows/contract/display-title.ts';
import type { FailureReport } from '../../workflows/contract/failure.ts';
import { LONGEST_LYRICS } from '../../workflows/contract/request.ts';
import { TUNING_NAMES } from '../../workflows/contract/tunings.ts';
import type { CommandDefinition, CommandOption } from './command-table.ts';
import { allStems } from './strategies.ts';
import type { Strategies } from './strategies.ts';

export interface Refusal {
  readonly failure: FailureReport;
}

/** What the option `name` takes. */
export function explain(definition: CommandDefinition, name: string, strategies: Strategies): Refusal {
  const option = definition.options.find((each) => each.name === name);
  if (option === undefined) {
    return invalidOption(definition);
  }
  switch (option.kind) {
    case 'strategy':
      return { failure: { code: 'unknown-strategy', facts: { known: [...strategies.keys()].join(', ') } } };
    case 'stems':
      return { failure: { code: 'unknown-stem', facts: { known: allStems(strategies).join(', ') } } };
    case 'tuning':
      return unknownTuning();
    case 'words':
      return { failure: { code: 'words-too-long', facts: { limit: LONGEST_LYRICS } } };
    case 'whole':
      return invalid(name, (option.limits ?? []).join(' … '));
    case 'choice':
      return invalid(name, (option.choices ?? []).join(', '));
    case 'song':
    case 'job':
    case 'tempo':
    case 'key':
    case 'time':
    case 'text':
      return invalid(name, EXAMPLES[option.kind]);
  }
}

const EXAMPLES: Readonly<
  Record<Extract<CommandOption['kind'], 'song' | 'job' | 'tempo' | 'key' | 'time' | 'text'>, string>
> = {
  song: 'https://example.org/song.mp3',
  job: 'K7QF2M',
  tempo: '120, heard',
  key: 'Em, heard',
  time: '12.3, 1:02.5, heard',
  text: 'ABCD2345',
};

export function unknownTuning(): Refusal {
  return { failure: { code: 'unknown-tuning', facts: { known: TUNING_NAMES.join(', ') } } };
}

/** An option that the command does not have, or one without its value. */
export function invalidOption(definition: CommandDefinition): Refusal {
  return invalid('', namesOf(definition));
}

/** Words that are neither an option nor part of what one holds. */
export function notUnderstood(definition: CommandDefinition, words: readonly string[]): Refusal {
  return invalid(`“${displayTitle(words.join(' '))}”`, namesOf(definition));
}

function namesOf({ path, options }: CommandDefinition): string {
  return options.length === 0 ? `/${path}` : options.map(({ name }) => name).join(', ');
}

/** @param option empty where what was typed is none */
export function invalid(option: string, known: string): Refusal {
  return { failure: { code: 'option-invalid', facts: option === '' ? { known } : { option, known } } };
}
