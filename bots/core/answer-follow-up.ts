/** What a member asks for by a button or a menu on a card whose job is done: a job of its own, about the same song. */
import type { BandView } from '../../workflows/contract/band.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import { ordered } from '../../workflows/contract/request.ts';
import { acceptSongs } from './accept-songs.ts';
import { accepted, toAsker } from './answer.ts';
import type { Answer, AnswerDeps, IncomingCommand } from './answer.ts';
import { pageForSong, withPage } from './answer-link.ts';
import { followUpOrder, isCorrection } from './follow-ups.ts';
import type { FollowUp } from './follow-ups.ts';
import { pickOrder } from './pick-stems.ts';
import type { PickedStem } from './pick-stems.ts';
import { songName } from './song-name.ts';
import { USUAL_LANGUAGE, wordsOf } from './words/words-of.ts';

/** @param incoming its `eventKey` stands for all presses of the button, or all choices of the menu's entry */
export async function answerFollowUp(
  incoming: Omit<IncomingCommand, 'command' | 'sources'>,
  asked: { readonly verb: FollowUp } | PickedStem,
  job: JobView,
  { band, deps }: { readonly band: BandView; readonly deps: AnswerDeps },
): Promise<Answer> {
  const words = wordsOf(band.settings.language ?? USUAL_LANGUAGE);
  const { command } = job.request;
  const order =
    'stem' in asked ? pickOrder(asked, job.outcome, command) : followUpOrder(asked.verb, job.outcome, command);
  if (order === null) {
    return toAsker([words.answers.oldButton(deps.style.verb('jobs'))]);
  }
  const page = await pageForSong(incoming.requester, band.id, words, deps);
  if (page === 'impossible') {
    return toAsker([words.answers.linkAsYourself()]);
  }
  const source = { kind: 'earlier', jobId: job.id, name: songName(job) ?? 'song' } as const;
  const { id, isNew } = await acceptSongs(incoming, [ordered(order, source)], deps);
  const { accepted: onIt, askedAlready, correcting, correctedAlready } = words.answers;
  const line =
    !('stem' in asked) && isCorrection(asked.verb)
      ? (isNew ? correcting : correctedAlready)(job.code)
      : isNew
        ? onIt()
        : askedAlready(job.code);
  return withPage(accepted(id, line), page);
}
