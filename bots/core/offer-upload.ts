/** Where a song that its chat cannot hand over may be brought instead. */
import type { JobOrder } from '../../workflows/contract/request.ts';
import type { AnswerDeps, IncomingCommand, OwnPage } from './answer.ts';
import type { Words } from './words/words.ts';

/** A page that takes this one song and starts its job in this chat; null where there are no pages. The same event gets the same ticket. */
export async function offerUpload(
  { address, requester, eventKey }: Pick<IncomingCommand, 'address' | 'requester' | 'eventKey'>,
  command: JobOrder,
  { answers, buttons }: Words,
  { uploads }: Pick<AnswerDeps, 'uploads'>,
): Promise<OwnPage | null> {
  const { platform, botId } = address;
  const page = await uploads.offer({ platform, botId, eventKey }, { address, requester, command });
  return page === null ? null : { kind: 'upload', line: answers.uploadHere(), label: buttons.upload, url: page.url };
}
