/** Typed words into the core's answer. */
import { answerCommand } from '../core/answer-command.ts';
import { refused } from '../core/answer.ts';
import type { Answer, AnswerDeps } from '../core/answer.ts';
import { isLink } from '../core/is-link.ts';
import { readCommand } from '../core/read-command.ts';
import { USUAL_LANGUAGE } from '../core/words/words-of.ts';
import type { Said, Song } from './read-update.ts';

export interface AnsweredWords {
  readonly answer: Answer;
  /** Nobody else's words are in it: commands in it may be tapped. */
  readonly isOurs: boolean;
}

/** @param words begin with a verb, or with a link that is to be split */
export async function answerWords(
  { address, requester, eventKey }: Pick<Said, 'address' | 'requester' | 'eventKey'>,
  words: readonly string[],
  song: Song | null,
  deps: AnswerDeps,
): Promise<AnsweredWords> {
  const [first = ''] = words;
  const read = readCommand(isLink(first) ? ['split', ...words] : words, deps.strategies);
  if ('failure' in read) {
    const { settings } = await deps.bands.of(address, requester);
    return { answer: refused(read.failure, settings.language ?? USUAL_LANGUAGE), isOurs: false };
  }
  const { command } = read;
  const sources = song === null ? [] : [song];
  const answer = await answerCommand({ command, sources, address, requester, eventKey }, deps);
  return { answer, isOurs: command.kind === 'help' };
}
