import { setTimeout as pause } from 'node:timers/promises';
import type { RunningChild } from './child.ts';

export interface SuperviseOptions {
  readonly start: () => Promise<RunningChild>;
  /** Called when it ended by itself, before it is started again after `waitMs`. */
  readonly onExit: (exit: {
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly waitMs: number;
  }) => void;
}

export interface Supervised {
  /** Of the child that runs now; null between two. */
  readonly pid: number | null;
  stop(): Promise<void>;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
/** A child that ran this long was well; the next wait starts small again. */
const WELL_AFTER_MS = 30_000;

/** Keeps one child process running: what ends is started again, after a wait that grows while it keeps ending at once. */
export async function supervise({ start, onExit }: SuperviseOptions): Promise<Supervised> {
  const stopping = new AbortController();
  let child: RunningChild | null = await start();
  const finished = keepRunning();

  async function keepRunning(): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    while (child !== null) {
      const startedAt = Date.now();
      const { code, signal } = await child.exited;
      child = null;
      if (stopping.signal.aborted) {
        return;
      }
      waitMs = Date.now() - startedAt > WELL_AFTER_MS ? FIRST_WAIT_MS : Math.min(waitMs * 2, LONGEST_WAIT_MS);
      onExit({ code, signal, waitMs });
      await pause(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted) {
        child = await start();
      }
    }
  }

  return {
    get pid() {
      return child?.pid ?? null;
    },
    async stop() {
      stopping.abort();
      await child?.stop();
      await finished;
    },
  };
}
