import { HEARD, leafCommands } from './command-table.ts';
import type { CommandOption } from './command-table.ts';
import type { CommandStyle } from './command-style.ts';
import type { Strategies } from './strategies.ts';
import type { Words } from './words/words.ts';

/** Every command with its options, as they are typed on this platform. */
export function helpLines(
  words: Words,
  strategies: Strategies,
  style: CommandStyle,
  isConsole = style.option({ name: 'out' }, '').startsWith('--'),
): string[] {
  const lines = leafCommands().flatMap(({ path, options }) => {
    const shown = options.filter(({ consoleOnly }) => isConsole || !consoleOnly);
    const argument = shown.find(({ positional }) => positional);
    const head = `${style.verb(path)} ${argument?.name.toUpperCase() ?? ''}`.trimEnd();
    const named = shown.filter((option) => option !== argument);
    return [
      `${head.padEnd(18)} ${words.summaries[path]}`,
      ...named.map(
        (option) => `    ${style.option(option, valuesOf(option, strategies))}  ${words.options[option.name]}`,
      ),
    ];
  });
  return [...lines, words.answers.helpEnd[style.bareSong]()];
}

function valuesOf({ kind, choices, limits }: CommandOption, strategies: Strategies): string {
  switch (kind) {
    case 'choice':
      return (choices ?? []).join('|');
    case 'strategy':
      return [...strategies.keys()].join('|');
    case 'stems':
      return 'vocals,drums';
    case 'tuning':
      return 'dadgad';
    case 'whole':
      return (limits ?? []).join('…');
    case 'tempo':
      return `120|${HEARD}`;
    case 'key':
      return `Em|${HEARD}`;
    case 'time':
      return '1:02.5';
    case 'song':
    case 'job':
    case 'words':
    case 'text':
      return '…';
  }
}
