/** What the composer and a message's menu offer, from the bots' own tables. */
import { MESSAGE_ACTIONS, leafCommands } from '../../../bots/core/command-table.ts';
import { wordsOf } from '../../../bots/core/words/words-of.ts';

/** `/split`, `/jam band create` */
export function offeredCommands(): string[] {
  return leafCommands().map(({ path }) => `/${path}`);
}

export function offeredShortcuts(): string[] {
  const words = wordsOf('en');
  return MESSAGE_ACTIONS.map(({ verb }) => words.messageActions[verb]);
}
