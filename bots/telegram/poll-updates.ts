import { setTimeout as pause } from 'node:timers/promises';
import { GrammyError } from 'grammy';
import type { Api } from 'grammy';
import type { Update } from 'grammy/types';

/** What the bot wants to hear of. */
export const ALLOWED_UPDATES = ['message', 'channel_post', 'callback_query'] as const;

const POLL_SECONDS = 30;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;

export interface PollOptions {
  readonly api: Api;
  readonly signal: AbortSignal;
  readonly handle: (update: Update) => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** Told after each answer, and after each time that there was none. */
  readonly onState?: (isConnected: boolean) => void;
}

/**
 * Asks for updates until `signal`. The offset moves on only when every update before it has been written down, so that a process that
 * dies gets them again; updates of one chat are handled in their order, those of different chats side by side.
 */
export async function pollUpdates({ api, signal, handle, onError, onState }: PollOptions): Promise<void> {
  let offset = 0;
  let waitMs = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      const updates = await api.getUpdates(
        { offset, limit: 100, timeout: POLL_SECONDS, allowed_updates: ALLOWED_UPDATES },
        // grammy's own type of signal is that of an older library.
        signal as Parameters<Api['getUpdates']>[1],
      );
      onState?.(true);
      await handleAll(updates, { signal, handle, onError });
      if (signal.aborted) return;
      offset = (updates.at(-1)?.update_id ?? offset - 1) + 1;
      waitMs = FIRST_WAIT_MS;
    } catch (error) {
      if (signal.aborted) return;
      onState?.(false);
      onError(error);
      const askedMs = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1000 : 0;
      await pause(Math.max(waitMs, askedMs), undefined, { signal }).catch(() => undefined);
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    }
  }
}

type Handling = Omit<PollOptions, 'api' | 'onState'>;

async function handleAll(updates: readonly Update[], handling: Handling): Promise<void> {
  const chats = Map.groupBy(updates, chatOf);
  await Promise.all(
    [...chats.values()].map(async (ofOneChat) => {
      for (const update of ofOneChat) await handleSurely(update, handling);
    }),
  );
}

/** Again and again, until it is written down: going on would confirm it. */
async function handleSurely(update: Update, { signal, handle, onError }: Handling): Promise<void> {
  for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      await handle(update);
      return;
    } catch (error) {
      onError(error);
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

function chatOf({ message, channel_post: post, callback_query: query }: Update): number {
  return (message ?? post ?? query?.message)?.chat.id ?? 0;
}
