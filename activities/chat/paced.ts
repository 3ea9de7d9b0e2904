import { ApplicationFailure } from '@temporalio/common';
import { SendError } from '../../workflows/contract/chat-port.ts';

/** Where a platform asked for quiet, the next try comes when it is over, and nobody's place in the queue is held until then. */
export async function paced<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SendError && error.retryAfterMs !== null) {
      throw ApplicationFailure.create({
        type: 'SendError',
        message: error.message,
        nextRetryDelay: Math.max(1, error.retryAfterMs),
        cause: error,
      });
    }
    throw error;
  }
}
