import { heartbeat } from '@temporalio/activity';

const BEAT_EVERY_MS = 10_000;
/** Longer than any single call, waits that are sat out included, and all the tries of one result. */
const LONGEST_MS = 8 * 60_000;

/**
 * Tells Temporal that this process is alive while a platform takes its time: one upload may be minutes of silence. Every call of a port
 * has a time limit of its own; should one hang all the same, the beats end and the activity is tried again.
 */
export async function beatWhile<T>(work: Promise<T>): Promise<T> {
  const began = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - began < LONGEST_MS) heartbeat();
  }, BEAT_EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
