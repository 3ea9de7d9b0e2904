/** The bot's queue of updates: kept for a day, confirmed by an offset, or by a webhook's answer. */
import type { Update } from 'grammy/types';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import { conflict } from './api-error.ts';

export type UpdateKind = Exclude<keyof Update, 'update_id'>;

export interface QueuedUpdate {
  readonly update: Update;
  /** Updates of one chat reach a webhook one after the other. */
  readonly chatId: number;
  readonly expiresMs: number;
}

export interface UpdateQueue {
  /** @returns settles with how long the bot took to confirm it, in our milliseconds; null if it never will */
  push(kind: UpdateKind, chatId: number, payload: unknown): Promise<number | null>;
  /** Names of the kinds that are delivered; empty: all but the three that must be asked for. */
  allowed: readonly string[];
  pending(): readonly QueuedUpdate[];
  /** Confirms this one alone, as a webhook's 2xx does. */
  confirm(updateId: number): void;
  dropAll(): void;
  /** As `getUpdates`. @param hungUp aborted when the asking connection is gone @throws ApiError 409 */
  poll(offset: number, limit: number, timeoutSeconds: number, hungUp: AbortSignal): Promise<Update[]>;
  /** Ends a poll that is waiting. @param reason after "Conflict: " */
  interrupt(reason: string): void;
  onPush(listener: () => void): void;
  close(): void;
}

const KEPT_MS = 24 * 3_600_000;
const ONLY_ON_REQUEST = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

interface Entry extends QueuedUpdate {
  readonly pushedMs: number;
  readonly settle: (ms: number | null) => void;
}

export function createUpdateQueue(clock: EmulatedClock, firstId: number): UpdateQueue {
  let nextId = firstId;
  let entries: Entry[] = [];
  let waiting: { readonly wake: () => void; readonly fail: (error: Error) => void } | null = null;
  const listeners: (() => void)[] = [];

  function settle(leaves: (entry: Entry) => boolean, isConfirmed: boolean): void {
    const gone = entries.filter(leaves);
    entries = entries.filter((entry) => !leaves(entry));
    for (const entry of gone) entry.settle(isConfirmed ? performance.now() - entry.pushedMs : null);
  }
  const expire = (): void => settle(({ expiresMs }) => expiresMs <= clock.nowMs(), false);

  const queue: UpdateQueue = {
    allowed: [],
    push(kind, chatId, payload) {
      const wanted = queue.allowed.length === 0 ? !ONLY_ON_REQUEST.has(kind) : queue.allowed.includes(kind);
      if (!wanted) return Promise.resolve(null);
      const update = { update_id: nextId, [kind]: payload } as Update;
      nextId += 1;
      return new Promise((resolve) => {
        entries.push({
          update,
          chatId,
          expiresMs: clock.nowMs() + KEPT_MS,
          pushedMs: performance.now(),
          settle: resolve,
        });
        waiting?.wake();
        for (const listener of listeners) listener();
      });
    },
    pending() {
      expire();
      return entries;
    },
    confirm: (updateId) => settle(({ update }) => update.update_id === updateId, true),
    dropAll: () => settle(() => true, false),
    async poll(offset, limit, timeoutSeconds, hungUp) {
      queue.interrupt('terminated by other getUpdates request; make sure that only one bot instance is running');
      expire();
      if (offset > 0) settle(({ update }) => update.update_id < offset, true);
      // Counted from the end: everything before is forgotten.
      if (offset < 0) {
        const kept = new Set(entries.slice(offset));
        settle((entry) => !kept.has(entry), true);
      }
      const take = (): Update[] => entries.slice(0, limit).map(({ update }) => update);
      if (entries.length > 0 || timeoutSeconds === 0 || hungUp.aborted) return take();
      return await new Promise((resolve, reject) => {
        const finish = (): void => {
          clearTimeout(patience);
          hungUp.removeEventListener('abort', finish);
          waiting = null;
          resolve(take());
        };
        // In our time: a bot that asked for 30 s would otherwise poll without pause where Telegram's clock runs fast.
        const patience = setTimeout(finish, timeoutSeconds * 1000);
        hungUp.addEventListener('abort', finish, { once: true });
        waiting = {
          wake: finish,
          fail(error) {
            clearTimeout(patience);
            hungUp.removeEventListener('abort', finish);
            waiting = null;
            reject(error);
          },
        };
      });
    },
    interrupt: (reason) => waiting?.fail(conflict(reason)),
    onPush: (listener) => listeners.push(listener),
    close() {
      waiting?.wake();
      queue.dropAll();
    },
  };
  return queue;
}
