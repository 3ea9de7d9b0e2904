import type { SourceReference } from '../../workflows/contract/request.ts';
import { answerCommand } from '../core/answer-command.ts';
import { refused } from '../core/answer.ts';
import type { Answer, AnswerDeps, IncomingCommand } from '../core/answer.ts';
import type { ReadCommand } from '../core/chat-command.ts';
import { USUAL_LANGUAGE } from '../core/words/words-of.ts';

/** Where a command came from. */
export type From = Pick<IncomingCommand, 'address' | 'requester' | 'eventKey' | 'pressKey'>;

/** Answers what was read: a command, or what is wrong with it in the words of the band. */
export async function answerRead(
  read: ReadCommand,
  songs: readonly SourceReference[],
  from: From,
  deps: AnswerDeps,
): Promise<Answer> {
  if ('failure' in read) {
    const band = await deps.bands.of(from.address, from.requester);
    return refused(read.failure, band.settings.language ?? USUAL_LANGUAGE);
  }
  return await answerCommand({ command: read.command, sources: songs, ...from }, deps);
}
