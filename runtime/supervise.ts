import { setTimeout as pause } from 'node:timers/promises';
import type { ChildExit, RunningChild } from './child.ts';

/** A process that works once it was started. */
export type Supervisable = Pick<RunningChild, 'pid' | 'exited'> & { readonly stop: () => Promise<unknown> };

export interface SuperviseOptions {
  /** `well` is to be called once the child does its work: its end is then no sign that the next one would end at once as well. */
  readonly start: (well: () => void) => Promise<Supervisable>;
  /** Called when it ended by itself, before it is started again after `waitMs`. */
  readonly onExit: (exit: ChildExit & { readonly waitMs: number }) => void;
  /** Called when it could not be started again, before that is tried again after `waitMs`. */
  readonly onFailure: (failure: { readonly error: unknown; readonly waitMs: number }) => void;
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

/**
 * Keeps one child process running: what ends is started again, after a wait that grows while it keeps ending at once or cannot be started.
 *
 * @throws what `start` throws the first time.
 */
export async function supervise({ start, onExit, onFailure }: SuperviseOptions): Promise<Supervised> {
  const stopping = new AbortController();
  let wasWell = false;
  const well = (): void => {
    wasWell = true;
  };
  let child: Supervisable | null = await start(well);
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
      waitMs = wasWell ? FIRST_WAIT_MS : longer(waitMs);
      wasWell = false;
      onExit({ code, signal, waitMs });
      child = await startAgain(waitMs);
    }
  }

  /** Null once it is to stop. */
  async function startAgain(firstWaitMs: number): Promise<Supervisable | null> {
    for (let waitMs = firstWaitMs; ;) {
      await pause(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return null;
      try {
        const started = await start(well);
        // Asked meanwhile, when there was nothing to stop.
        if (stopping.signal.aborted) await started.stop();
        return started;
      } catch (error) {
        waitMs = longer(waitMs);
        onFailure({ error, waitMs });
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

function longer(waitMs: number): number {
  return Math.min(waitMs * 2, LONGEST_WAIT_MS);
}
