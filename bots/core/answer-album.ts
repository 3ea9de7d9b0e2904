/** A finished job's stems as one album: asked for by a button, and made by a workflow of its own. */
import type { BandView } from '../../workflows/contract/band.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { PLATFORM_ABILITIES } from './abilities.ts';
import { albumStems } from './album-stems.ts';
import { toAsker } from './answer.ts';
import type { Answer, AnswerDeps, IncomingCommand } from './answer.ts';
import { USUAL_LANGUAGE, wordsOf } from './words/words-of.ts';

/** In the place where it was pressed, once: whoever presses there, and however often. */
export async function answerAlbum(
  { address, requester }: Pick<IncomingCommand, 'address' | 'requester'>,
  job: JobView,
  band: BandView,
  deps: AnswerDeps,
): Promise<Answer> {
  const { answers } = wordsOf(band.settings.language ?? USUAL_LANGUAGE);
  const { platform, botId } = address;
  const surface = (await deps.jobs.surfacesOf(job.id)).find((each) => isSame(each.address, address));
  if (
    surface === undefined ||
    PLATFORM_ABILITIES[platform].abilities.album === null ||
    albumStems(job.outcome) === null
  ) {
    return toAsker([answers.oldButton(deps.style.verb('jobs'))]);
  }
  const { surfaceId } = surface;
  const { isNew } = await deps.inbox.accept({
    platform,
    botId,
    eventKey: `album-${job.id}-${surfaceId}`,
    payload: { kind: 'album', jobId: job.id, surfaceId, requester },
  });
  return toAsker([isNew ? answers.albumComing(job.code) : answers.albumAlready(job.code)]);
}

function isSame(one: ChatAddress, other: ChatAddress): boolean {
  return (
    one.platform === other.platform &&
    one.botId === other.botId &&
    one.chatId === other.chatId &&
    one.threadId === other.threadId
  );
}
