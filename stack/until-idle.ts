import { setTimeout as pause } from 'node:timers/promises';
import type { Jobs } from '../bots/core/jobs.ts';
import type { Inbox } from '../db/inbox.repository.ts';

const LOOK_EVERY_MS = 300;

/** Resolves when no accepted event waits and no job runs, or when `signal` aborts. */
export async function untilIdle(jobs: Jobs, inbox: Pick<Inbox, 'countWaiting'>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Events first: one that is started between the two looks has become a job by the second.
    const waiting = await inbox.countWaiting();
    const [unfinished] = await jobs.list({ limit: 1, unfinishedOnly: true });
    if (waiting === 0 && unfinished === undefined) {
      return;
    }
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
