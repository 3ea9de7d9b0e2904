/** Lets several callers wait for one piece of work, which ends early only when all of them have given up. */

export interface SharedWork<T> {
  /** Joins the work under way for this key, or starts it. Rejects with the signal's reason when this caller gives up. */
  join(key: string, options: JoinOptions): Promise<T>;
}

export interface JoinOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined;
}

/** How far the bytes of a model have come. */
export interface WorkProgress {
  readonly bytes: number;
  readonly totalBytes: number;
}

interface Running<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  readonly waiting: Set<JoinOptions>;
}

export function createSharedWork<T>(
  work: (key: string, signal: AbortSignal, onProgress: (progress: WorkProgress) => void) => Promise<T>,
): SharedWork<T> {
  const running = new Map<string, Running<T>>();

  function start(key: string): Running<T> {
    const abort = new AbortController();
    const waiting = new Set<JoinOptions>();
    const report = (progress: WorkProgress): void => {
      for (const { onProgress } of waiting) onProgress?.(progress);
    };
    const result = work(key, abort.signal, report).finally(() => running.delete(key));
    // Every waiter may be gone by the time it fails.
    result.catch(() => undefined);
    const started = { result, abort, waiting };
    running.set(key, started);
    return started;
  }

  return {
    async join(key, options) {
      options.signal?.throwIfAborted();
      let current = running.get(key);
      // Work that everybody gave up is about to end in an error that is not this caller's.
      if (current?.abort.signal.aborted === true) {
        await current.result.catch(() => undefined);
        current = running.get(key);
      }
      const { result, abort, waiting } = current ?? start(key);
      waiting.add(options);
      const gaveUp = Promise.withResolvers<never>();
      const giveUp = (): void => gaveUp.reject(options.signal?.reason as Error);
      options.signal?.addEventListener('abort', giveUp, { once: true });
      try {
        return await Promise.race([result, gaveUp.promise]);
      } finally {
        options.signal?.removeEventListener('abort', giveUp);
        waiting.delete(options);
        if (waiting.size === 0) abort.abort(options.signal?.reason);
      }
    },
  };
}
