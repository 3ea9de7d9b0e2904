/** Songs of an offer: a message with buttons below a song, which stands there for ever. */
import { isFinished } from '../../workflows/contract/job.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import type { JobCommand } from '../../workflows/contract/request.ts';
import { acceptSongs } from './accept-songs.ts';
import type { AnswerDeps, IncomingCommand } from './answer.ts';

export interface Offered {
  readonly id: string;
  /** What an earlier press began and is not over yet; empty where its jobs have no rows yet. Null where this press began it. */
  readonly underWay: readonly JobView[] | null;
}

/**
 * While what a press began is under way, all other presses are that one; once it is over, the next begins it anew. A press that is told
 * again begins nothing.
 *
 * @param eventKey stands for all presses of the offer, `pressKey` for this one
 */
export async function acceptOffered(
  incoming: Omit<IncomingCommand, 'command' | 'sources'>,
  commands: readonly JobCommand[],
  { inbox, jobs }: Pick<AnswerDeps, 'inbox' | 'jobs'>,
): Promise<Offered> {
  for (let { eventKey } = incoming; ;) {
    const { id, isNew } = await acceptSongs({ ...incoming, eventKey }, commands, { inbox });
    if (isNew) return { id, underWay: null };
    const begun = await jobs.list({ limit: commands.length, inboundEventId: id });
    if (begun.some(({ request }) => request.pressKey === incoming.pressKey)) return { id, underWay: null };
    const isOver = begun.length === commands.length && begun.every(({ state }) => isFinished(state));
    if (!isOver) return { id, underWay: begun };
    // The same for all presses from now on, of which the first begins it.
    eventKey = `${incoming.eventKey}-after-${id}`;
  }
}
