/** `/jam mine`: what somebody usually plays on, which their tabs are written for. */
import { resolveTab } from '../../workflows/contract/resolve-tab.ts';
import { NO_TAB_PREFERENCES } from '../../workflows/contract/tab.ts';
import type { TabPreferences } from '../../workflows/contract/tab.ts';
import { toAsker } from './answer.ts';
import type { Answer, AnswerDeps, IncomingCommand } from './answer.ts';
import { PLAIN_COMMANDS } from './chat-command.ts';
import type { CommandStyle } from './command-style.ts';
import { tuningWords } from './tuning-words.ts';
import type { AnswerWords, Words } from './words/words.ts';

export async function answerMine(
  who: Pick<IncomingCommand, 'address' | 'requester'>,
  changes: Partial<TabPreferences>,
  { answers }: Words,
  { tabs, style }: AnswerDeps,
): Promise<Answer> {
  const isSaid = Object.keys(changes).length > 0;
  if (isSaid) await tabs.saveMember(who.requester, changes);
  const { member, band } = await tabs.usual(who);
  const lines = tabLines(
    [
      { preferences: member, say: (value) => value },
      { preferences: band, say: answers.asBand },
    ],
    answers,
    style,
  );
  return toAsker([...(isSaid ? [answers.saved()] : []), answers.mine(), ...lines]);
}

interface Sayer {
  readonly preferences: TabPreferences;
  /** Whose word it is. */
  readonly say: (value: string) => string;
}

/** As each would be typed; the first who said something holds. */
export function tabLines(sayers: readonly Sayer[], { usual }: AnswerWords, style: CommandStyle): string[] {
  const { level, instrument } = resolveTab(PLAIN_COMMANDS.tab.wish, NO_TAB_PREFERENCES, NO_TAB_PREFERENCES);
  const everybody: Sayer = { preferences: { level, ...instrument }, say: usual };
  return (['level', 'tuning', 'capo', 'frets'] as const).map((name) => {
    const { preferences, say } = sayers.find((each) => each.preferences[name] !== null) ?? everybody;
    const value = preferences[name];
    return style.option({ name }, say(typeof value === 'object' ? tuningWords(value ?? []) : String(value)));
  });
}
