import { setTimeout as pause } from 'node:timers/promises';
import type { Jobs } from '../bots/core/jobs.ts';
import type { Inbox } from '../db/inbox.repository.ts';

const LOOK_EVERY_MS = 300;

/** Resolves when no accepted event waits, none is about to become a job, and no job runs, or when `signal` aborts. */
export async function untilIdle(
  jobs: Jobs,
  inbox: Pick<Inbox, 'countWaiting' | 'countOpening'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // In the order that an event goes through: one that goes on between two looks is seen by the second.
    const waiting = await inbox.countWaiting();
    const opening = await inbox.countOpening();
    const [unfinished] = await jobs.list({ limit: 1, unfinishedOnly: true });
    if (waiting === 0 && opening === 0 && unfinished === undefined) {
      return;
    }
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
