/** What is running and what was done, and stopping it. */
import type { BandView } from '../../workflows/contract/band.ts';
import type { CardAction } from '../../workflows/contract/card.ts';
import type { JobView, Language } from '../../workflows/contract/job-view.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import type { Requester } from '../../workflows/contract/request.ts';
import { actionId } from './action-ids.ts';
import { toAsker } from './answer.ts';
import type { Answer, AnswerDeps, IncomingCommand } from './answer.ts';
import { commandWords } from './command-words.ts';
import { formatDuration } from './duration.ts';
import { failureReply } from './failure-reply.ts';
import { findBandJob } from './find-band-job.ts';
import { songName } from './song-name.ts';
import { USUAL_LANGUAGE, wordsOf } from './words/words-of.ts';
import type { Words } from './words/words.ts';

const JOBS_LISTED = 10;
/** Discord's rows hold five. */
const MOST_BUTTONS = 5;

export async function answerJobs(band: BandView, { jobs, style }: AnswerDeps): Promise<Answer> {
  const language = band.settings.language ?? USUAL_LANGUAGE;
  const words = wordsOf(language);
  const listed = await jobs.list({ limit: JOBS_LISTED, bandId: band.id });
  if (listed.length === 0) {
    return toAsker([words.answers.noJobs(style.verb('split'))]);
  }
  const buttons = listed
    .filter(({ state }) => !isFinished(state))
    .slice(0, MOST_BUTTONS)
    .map(({ code }): CardAction => ({
      id: actionId(code, 'cancel'),
      label: `${words.buttons.cancel} ${code}`,
      style: 'danger',
    }));
  return toAsker(
    listed.map((job) => jobLine(job, words, language)),
    buttons,
  );
}

/** @param eventKey that of the chat's event, or one that stands for all presses of one button */
export async function answerCancel(
  incoming: Omit<IncomingCommand, 'command' | 'sources'>,
  code: string | null,
  band: BandView,
  deps: AnswerDeps,
): Promise<Answer> {
  const { answers, states } = wordsOf(band.settings.language ?? USUAL_LANGUAGE);
  const { address, requester, eventKey, ledger = address } = incoming;
  const job = code === null ? await newestOf(requester, band, deps) : await findBandJob(code, band, deps);
  if (job === null) {
    return toAsker([
      code === null ? await othersRun(band, answers, deps) : answers.noSuchJob(code, deps.style.verb('jobs')),
    ]);
  }
  if (isFinished(job.state)) {
    return toAsker([answers.isOver(job.code, states[job.state])]);
  }
  const asked = job.request.requester;
  if (!(await deps.bands.isSamePerson(asked, requester)) && !(await deps.bands.isOwner(band.id, requester))) {
    return toAsker([answers.mayNotStop(job.code, asked.displayName)]);
  }
  await deps.inbox.accept({
    platform: ledger.platform,
    botId: ledger.botId,
    eventKey,
    payload: { kind: 'cancel', jobId: job.id },
  });
  return toAsker([answers.stopping(job.code)]);
}

async function newestOf(requester: Requester, { id }: BandView, { jobs }: AnswerDeps): Promise<JobView | null> {
  const [newest] = await jobs.list({ limit: 1, unfinishedOnly: true, bandId: id, askedBy: requester });
  return newest ?? null;
}

/** Told to somebody of whom nothing runs. */
async function othersRun({ id }: BandView, answers: Words['answers'], { jobs, style }: AnswerDeps): Promise<string> {
  const [newest] = await jobs.list({ limit: 1, unfinishedOnly: true, bandId: id });
  if (newest === undefined) return answers.nothingRuns();
  const { code, request } = newest;
  return answers.onlyOthersRun(code, request.requester.displayName, `${style.verb('cancel')} ${code}`);
}

function jobLine(job: JobView, words: Words, language: Language): string {
  const { command } = job.request;
  const name = songName(job) ?? words.card.aLink();
  const detail = jobDetail(job, words, language);
  return [job.code, words.states[job.state], name, commandWords(command, words), detail]
    .filter((part) => part !== '')
    .join(' · ');
}

function jobDetail(
  { outcome, stage, fraction, state, awaitsLink, request }: JobView,
  words: Words,
  language: Language,
): string {
  if (outcome === null && awaitsLink !== null && awaitsLink.stage !== 'work') {
    return words.answers.waitsForLink(request.requester.displayName);
  }
  if (outcome === null) {
    return stage === null || state === 'queued' ? '' : `${words.stages[stage]} ${String(Math.round(fraction * 100))} %`;
  }
  switch (outcome.state) {
    case 'done':
      return words.answers.inTime(formatDuration(outcome.result.seconds));
    case 'refused':
    case 'failed':
      return failureReply(outcome.failure, language);
    case 'cancelled':
      return '';
  }
}
