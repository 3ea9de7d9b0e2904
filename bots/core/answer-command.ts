import type { BandView } from '../../workflows/contract/band.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { readActionId } from './action-ids.ts';
import { answerAlbum } from './answer-album.ts';
import { answerBand } from './answer-band.ts';
import { answerFollowUp } from './answer-follow-up.ts';
import { isFollowUp } from './follow-ups.ts';
import { answerCancel, answerJobs } from './answer-jobs.ts';
import { answerLink } from './answer-link.ts';
import { answerMine } from './answer-mine.ts';
import { answerRetry, answerSong, hasItsSong } from './answer-songs.ts';
import { toAsker } from './answer.ts';
import type { Answer, AnswerDeps, IncomingCommand } from './answer.ts';
import { formatDuration } from './duration.ts';
import { helpLines } from './help-lines.ts';
import { onceEnded } from './once-ended.ts';
import { USUAL_LANGUAGE, wordsOf } from './words/words-of.ts';

/**
 * Answers a command. Nothing here waits for Temporal: work is only written down, and once this resolves the event may be acknowledged.
 * Rejects where the database does not answer: then nothing was accepted, and the platform's redelivery tries again.
 */
export async function answerCommand(incoming: IncomingCommand, deps: AnswerDeps): Promise<Answer> {
  const { command, address, requester } = incoming;
  const band = await deps.bands.of(address, requester);
  const limited = await tooMany(requester, band, deps);
  if (limited !== null) {
    return limited;
  }
  switch (command.kind) {
    case 'split':
    case 'analyze':
    case 'chords':
    case 'lyrics':
    case 'tab':
      return await answerSong(incoming, command, band, deps);
    case 'retry':
      return await answerRetry(incoming, command, band, deps);
    case 'jobs':
      return await answerJobs(band, deps);
    case 'cancel':
      return await answerCancel(incoming, command.code, band, deps);
    case 'help':
      return toAsker(helpLines(wordsOf(band.settings.language ?? USUAL_LANGUAGE), deps.strategies, deps.style));
    case 'link':
    case 'unlink':
      return await answerLink(requester, command, wordsOf(band.settings.language ?? USUAL_LANGUAGE), deps);
    case 'mine':
      return await answerMine(incoming, command.tab, wordsOf(band.settings.language ?? USUAL_LANGUAGE), deps);
    case 'band-create':
    case 'band-code':
    case 'band-join':
    case 'band-leave':
    case 'settings':
    case 'status':
      return await answerBand(incoming, command, band, deps);
  }
}

/** Somebody pressed a button, or chose from a menu. */
export interface ActionPress {
  /** As the platform gave it back; may be forged, or of a button from long ago. */
  readonly actionId: string;
  readonly address: ChatAddress;
  readonly requester: Requester;
}

/**
 * Does what a button says. Everything is looked up: the id proves nothing. Pressing twice, at once or by redelivery, is pressing once;
 * only members of the job's band may press, from wherever they are.
 */
export async function pressAction({ actionId, address, requester }: ActionPress, deps: AnswerDeps): Promise<Answer> {
  const here = await deps.bands.of(address, requester);
  const words = wordsOf(here.settings.language ?? USUAL_LANGUAGE);
  const limited = await tooMany(requester, here, deps);
  if (limited !== null) {
    return limited;
  }
  const action = readActionId(actionId);
  const found = action === null ? null : await deps.jobs.findByCode(action.code);
  if (action === null || found === null) {
    return toAsker([words.answers.oldButton(deps.style.verb('jobs'))]);
  }
  // A chat may have changed bands since; its jobs have not.
  if (found.bandId !== here.id && !(await deps.bands.isMember(found.bandId, requester))) {
    return toAsker([words.answers.notYourBand()]);
  }
  const job = action.verb === 'cancel' || action.verb === 'link' ? found : await onceEnded(found, deps.jobs);
  const band = { ...here, id: job.bandId };
  // Asked for elsewhere, it would be another band's job, which may not have the song.
  const place = job.bandId === here.id ? address : job.request.address;
  // One key for all presses of a button, in whichever chat, so that the ledger takes it once.
  const pressed = 'stem' in action ? `${action.verb}-${action.stem}` : action.verb;
  const ledger = job.request.address;
  const incoming = { address: place, requester, eventKey: `${pressed}-${job.id}`, ledger };
  if (!isFinished(job.state) && (action.verb === 'album' || 'stem' in action || isFollowUp(action.verb))) {
    return toAsker([words.answers.notEndedYet(job.code)]);
  }
  if ('stem' in action) {
    return await answerFollowUp(incoming, action, job, { band, deps });
  }
  if (isFollowUp(action.verb)) {
    return await answerFollowUp(incoming, { verb: action.verb }, job, { band, deps });
  }
  switch (action.verb) {
    case 'cancel':
      return await answerCancel(incoming, job.code, band, deps);
    case 'retry':
      return await answerRetry(
        { ...incoming, address: hasItsSong(job) ? place : job.request.address },
        { kind: 'retry', code: job.code, quality: null, format: null },
        band,
        deps,
      );
    case 'link':
      // Whoever presses gets a page of their own: nobody can link for somebody else.
      return await answerLink(requester, { kind: 'link', code: null }, words, deps);
    case 'album':
      return await answerAlbum({ address, requester }, job, band, deps);
  }
}

async function tooMany(requester: Requester, band: BandView, { shares }: AnswerDeps): Promise<Answer | null> {
  const counted = await shares.countCommand(requester);
  const { answers } = wordsOf(band.settings.language ?? USUAL_LANGUAGE);
  return counted.allowed ? null : toAsker([answers.tooManyCommands(formatDuration(counted.freeInSeconds))]);
}
