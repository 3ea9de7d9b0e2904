/** What a member says of an analysed song by a button: it is kept, and the analysis made anew, as a job of its own. */
import type { BandView } from '../../workflows/contract/band.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import { acceptSongs } from './accept-songs.ts';
import { accepted, toAsker } from './answer.ts';
import type { Answer, AnswerDeps, IncomingCommand } from './answer.ts';
import { pageForSong, withPage } from './answer-link.ts';
import { factsFrom } from './corrections.ts';
import type { Correction } from './corrections.ts';
import { songName } from './song-name.ts';
import { USUAL_LANGUAGE, wordsOf } from './words/words-of.ts';

/** @param eventKey one that stands for all presses of the button */
export async function answerCorrection(
  incoming: Omit<IncomingCommand, 'command' | 'sources'>,
  correction: Correction,
  job: JobView,
  { band, deps }: { readonly band: BandView; readonly deps: AnswerDeps },
): Promise<Answer> {
  const words = wordsOf(band.settings.language ?? USUAL_LANGUAGE);
  const { outcome } = job;
  if (outcome?.state !== 'done' || outcome.result.kind !== 'analysis') {
    return toAsker([words.answers.oldButton(deps.style.verb('jobs'))]);
  }
  const page = await pageForSong(incoming.requester, band.id, words, deps);
  if (page === 'impossible') {
    return toAsker([words.answers.linkAsYourself()]);
  }
  const source = { kind: 'earlier', jobId: job.id, name: songName(job) ?? 'song' } as const;
  const again = { kind: 'analyze', source, facts: factsFrom(correction, outcome.result) } as const;
  const { id, isNew } = await acceptSongs(incoming, [again], deps);
  const line = isNew ? words.answers.correcting(job.code) : words.answers.correctedAlready(job.code);
  return withPage(accepted(id, line), page);
}
