import type { NewJobRequest } from '../../workflows/contract/inbound.ts';
import type { JobCommand } from '../../workflows/contract/request.ts';
import type { AnswerDeps, IncomingCommand } from './answer.ts';

/** Writes jobs into the ledger as one event: a job for each command. */
export async function acceptSongs(
  { address, requester, eventKey, pressKey, ledger = address }: Omit<IncomingCommand, 'command' | 'sources'>,
  commands: readonly JobCommand[],
  { inbox }: Pick<AnswerDeps, 'inbox'>,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const pressed = pressKey === undefined ? {} : { pressKey };
  const requests = commands.map((command): NewJobRequest => ({ address, requester, command, ...pressed }));
  const [first] = requests;
  if (first === undefined) {
    throw new RangeError('a request needs a song');
  }
  return await inbox.accept({
    platform: ledger.platform,
    botId: ledger.botId,
    eventKey,
    payload: requests.length === 1 ? { kind: 'job', request: first } : { kind: 'jobs', requests },
  });
}
