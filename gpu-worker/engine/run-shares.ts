import type { RunOptions } from './engine.ts';

/** From `start` to before `end`. */
export interface Share {
  readonly start: number;
  readonly end: number;
}

export interface SharedWork {
  /** Pieces of work, of which each report tells of one more that is done. */
  readonly total: number;
  /** Tasks side by side; no more than there are pieces. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Of the whole, 0 to 1, after each piece. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/**
 * Each task takes its share of the pieces. When one fails, the others are stopped before this rejects with its error.
 * @param run one task of the engine, with options that stop it and hear of its pieces
 */
export async function runShares(
  { total, threads, signal, onProgress }: SharedWork,
  run: (share: Share, options: Pick<RunOptions, 'signal' | 'onProgress'>) => Promise<unknown>,
): Promise<void> {
  const tasks = Math.min(threads, total);
  const failed = new AbortController();
  let done = 0;
  const options = {
    signal: signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]),
    onProgress: () => onProgress?.(++done / total),
  };
  const running = Array.from({ length: tasks }, async (_, task) => {
    const cut = (before: number): number => Math.round((before * total) / tasks);
    try {
      await run({ start: cut(task), end: cut(task + 1) }, options);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(running);
  await Promise.all(running);
}
