import { setTimeout as pause } from 'node:timers/promises';
import type { RunningChild } from './child.ts';

export interface SuperviseOptions {
  /** `well` is to be called once the child does its work: its end is then no sign that the next one would end at once as well. */
  readonly start: (well: () => void) => Promise<RunningChild>;
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
/** A child that ran this long was well, whether it said so or not. */
const WELL_AFTER_MS = 30_000;

/** Keeps one child process running: what ends is started again, after a wait that grows while it keeps ending at once. */
export async function supervise({ start, onExit }: SuperviseOptions): Promise<Supervised> {
  const stopping = new AbortController();
  let wasWell = false;
  const well = (): void => {
    wasWell = true;
  };
  let child: RunningChild | null = await start(well);
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
      wasWell ||= Date.now() - startedAt > WELL_AFTER_MS;
      waitMs = wasWell ? FIRST_WAIT_MS : Math.min(waitMs * 2, LONGEST_WAIT_MS);
      wasWell = false;
      onExit({ code, signal, waitMs });
      await pause(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted) {
        child = await start(well);
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
