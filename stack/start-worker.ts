import type { Worker } from '@temporalio/worker';
import { runWorkers } from '../runtime/temporal.ts';
import type { RunningWorkers, TemporalAccess } from '../runtime/temporal.ts';

/** A connection, or one that comes once Temporal answers; null where it did not before the end. */
export type ComingTemporal = TemporalAccess | Promise<TemporalAccess | null>;

/** Starts polling, where the connection is still to come as soon as it is there. */
export async function startWorker(
  temporal: ComingTemporal,
  make: (access: TemporalAccess) => Promise<Worker>,
): Promise<RunningWorkers> {
  if (!(temporal instanceof Promise)) return runWorkers([await make(temporal)]);
  let isStopped = false;
  let isBegun = false;
  let running: RunningWorkers | null = null;
  const finished = temporal.then(async (access) => {
    if (access === null || isStopped) return;
    isBegun = true;
    running = runWorkers([await make(access)]);
    await (isStopped ? running.stop() : running.finished);
  });
  // Whoever stops it sees the failure there.
  finished.catch(() => undefined);
  return {
    finished,
    async stop() {
      isStopped = true;
      // Nothing that is still to come is waited for.
      if (!isBegun) return;
      await running?.stop();
      await finished;
    },
  };
}
