import { QUALITIES, STEM_FORMATS } from '../../workflows/contract/request.ts';

export interface CommandOption {
  readonly name: string;
  readonly summary: string;
  /** Fixed choices; null where any text goes. `strategy` is filled from the configuration. */
  readonly choices: readonly string[] | null;
}

export interface CommandDefinition {
  readonly verb: string;
  /** What comes after the verb, for help texts; empty where nothing does. */
  readonly argument: string;
  readonly summary: string;
  readonly options: readonly CommandOption[];
}

/** Every command of every chat. Platforms register, parse and document from this table. */
export const COMMANDS: readonly CommandDefinition[] = [
  {
    verb: 'split',
    argument: 'SONG',
    summary: 'take a song apart into stems (a file or a direct link)',
    options: [
      { name: 'strategy', summary: 'which stems', choices: null },
      { name: 'quality', summary: 'fast, or best (slower)', choices: QUALITIES },
      { name: 'format', summary: 'file format of the stems', choices: STEM_FORMATS },
    ],
  },
  { verb: 'jobs', argument: '', summary: 'what is running and what was done', options: [] },
  { verb: 'cancel', argument: 'CODE', summary: 'stop a job (the newest one without a code)', options: [] },
  { verb: 'help', argument: '', summary: 'this list', options: [] },
];

export function helpLines(strategies: readonly string[]): string[] {
  const lines = COMMANDS.flatMap((command) => {
    const head = `/${command.verb} ${command.argument}`.trimEnd();
    const options = command.options.map((option) => {
      const choices = option.name === 'strategy' ? strategies : option.choices;
      return `    --${option.name.padEnd(9)} ${option.summary}${choices === null ? '' : `: ${choices.join(', ')}`}`;
    });
    return [`${head.padEnd(14)} ${command.summary}`, ...options];
  });
  return [...lines, 'A file dropped here, or a link, is split with the usual settings.'];
}
