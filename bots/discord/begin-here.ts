/** A job is not begun where its card could not stand: whoever asked is told at once, and by what. */
import { readActionId } from '../core/action-ids.ts';
import { toAsker } from '../core/answer.ts';
import type { Answer, AnswerDeps } from '../core/answer.ts';
import type { ReadCommand } from '../core/chat-command.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import type { From } from './answer-read.ts';
import { lackingRights } from './lacking-rights.ts';

const BEGINNING: ReadonlySet<string> = new Set(['split', 'analyze', 'chords', 'lyrics', 'tab', 'retry']);

/** Whether a card would come of it. */
export function beginsJob(read: ReadCommand): boolean {
  return 'command' in read && BEGINNING.has(read.command.kind);
}

/** As {@link beginsJob}, of a button or a menu's entry. */
export function actionPosts(actionId: string): boolean {
  const action = readActionId(actionId);
  return action !== null && action.verb !== 'cancel' && action.verb !== 'link';
}

/** @returns what `begin` answers; where the bot lacks a right for it, what it lacks, and nothing was begun */
export async function beginHere(
  interaction: Parameters<typeof lackingRights>[0],
  { address, requester }: From,
  { bands }: Pick<AnswerDeps, 'bands'>,
  begin: () => Promise<Answer>,
): Promise<Answer> {
  const lacking = lackingRights(interaction);
  if (lacking.length === 0) return await begin();
  const { settings } = await bands.of(address, requester);
  const { answers } = wordsOf(settings.language ?? USUAL_LANGUAGE);
  return toAsker([answers.lackingRights(lacking.map((right) => answers.rights[right]()).join(', '))]);
}
