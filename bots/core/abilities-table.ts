/** The README's table of what a musician can do on which platform, from the definitions of commands and the platforms' abilities. */
import type { Platform } from '../../workflows/contract/request.ts';
import { ABILITIES, PLATFORM_ABILITIES } from './abilities.ts';
import type { Ability, PlatformAbilities } from './abilities.ts';
import { leafCommands } from './command-table.ts';
import type { CommandDefinition } from './command-table.ts';
import { wordsOf } from './words/words-of.ts';

const ORDER: readonly Platform[] = ['discord', 'slack', 'telegram', 'console'];

/** Markdown; the same every time. */
export function abilitiesTable(): string {
  const platforms = ORDER.map((platform) => PLATFORM_ABILITIES[platform]);
  const rows = [
    ['', ...platforms.map(({ name }) => name)],
    ['---', ...platforms.map(() => '---')],
    ...leafCommands().map((command) => [
      wordsOf('en').summaries[command.path],
      ...platforms.map((platform) => `\`${typed(command, platform)}\``),
    ]),
    ...(Object.keys(ABILITIES) as Ability[]).map((ability) => [
      ABILITIES[ability],
      ...platforms.map(({ abilities }) => abilities[ability] ?? 'no'),
    ]),
  ];
  return rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

function typed({ path, options }: CommandDefinition, { style }: PlatformAbilities): string {
  const argument = options.find(({ positional }) => positional);
  return `${style.verb(path)}${argument === undefined || argument.kind === 'song' ? '' : ` ${argument.name.toUpperCase()}`}`;
}
