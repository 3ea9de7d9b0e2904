// The database may restart at any moment; whoever asks in that second should not notice.
import { setTimeout as sleep } from 'node:timers/promises';

const WAITS_MS = [50, 200, 500, 1000, 2000];

/** Connection exceptions of SQLSTATE class 08, shutdowns (57P0x), and what the socket itself reports. */
const LOST = /^(08...|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/**
 * Repeats `work` while the connection fails, for about four seconds. A commit whose answer was lost runs again: all that
 * this room writes is written so that a repeat changes nothing.
 */
export async function retryLostConnection<T>(work: () => Promise<T>): Promise<T> {
  for (const waitMs of WAITS_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isLostConnection(error)) throw error;
      await sleep(waitMs);
    }
  }
  return await work();
}

export function isLostConnection(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== undefined && LOST.test(code)) return true;
    // The driver's own words: it gives these two no code.
    if (/^Connection terminated|^Client has encountered a connection error/.test(cause.message)) return true;
    if (cause instanceof AggregateError && cause.errors.some(isLostConnection)) return true;
  }
  return false;
}
