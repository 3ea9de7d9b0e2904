import { ActivityFailure, ApplicationFailure, TimeoutFailure, isCancellation, sleep } from '@temporalio/workflow';
import { WORKER_GONE } from './contract/compute-activities.ts';
import type { ComputeHeartbeat } from './contract/compute-activities.ts';
import type { Timing } from './contract/timing.ts';

/** So often an attempt may fail without getting any further before the job is taken for the cause. */
const FAILURES_WITHOUT_PROGRESS = 5;
/** So often a worker may die. More often: whoever kills workers need not mean this job. */
const DEATHS_WITHOUT_PROGRESS = 12;

/**
 * Runs a compute activity until it ends. Checkpoints make another attempt cheap, so a worker may be killed any number of times as
 * long as each few attempts get further; a job that kills its worker at the same chunk again and again is given up.
 */
export async function resumeCompute<T>(timing: Timing, attempt: () => Promise<T>): Promise<T> {
  let furthestChunk = -1;
  let failures = 0;
  let deaths = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (isCancellation(error) || !isWorthAnotherAttempt(error)) {
        throw error;
      }
      const chunk = lastChunk(error);
      if (chunk > furthestChunk) {
        furthestChunk = chunk;
        failures = 0;
        deaths = 0;
      } else if (isWorkerDeath(error)) {
        deaths += 1;
      } else if (!isWorkerShutdown(error)) {
        failures += 1;
      }
      if (failures >= FAILURES_WITHOUT_PROGRESS || deaths >= DEATHS_WITHOUT_PROGRESS) {
        throw error;
      }
      await sleep(timing.retrySeconds * 1000);
    }
  }
}

function isWorthAnotherAttempt(error: unknown): boolean {
  return error instanceof ActivityFailure && applicationFailure(error)?.nonRetryable !== true;
}

/** How the SDK reports an activity whose worker was asked to stop: nobody's fault, and no sign of a poisonous job. */
function isWorkerShutdown(error: unknown): boolean {
  return applicationFailure(error)?.type === 'WorkerShutdown';
}

function isWorkerDeath(error: unknown): boolean {
  return (
    applicationFailure(error)?.type === WORKER_GONE ||
    (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)
  );
}

function applicationFailure(error: unknown): ApplicationFailure | null {
  return error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? error.cause : null;
}

/** How far a worker had come that died: told by the server with its timeout, or by whoever saw it die. */
function lastChunk(error: unknown): number {
  const gone = applicationFailure(error);
  if (gone?.type === WORKER_GONE) {
    return (gone.details?.[0] as ComputeHeartbeat | undefined)?.chunk ?? -1;
  }
  if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure) {
    const details = error.cause.lastHeartbeatDetails as ComputeHeartbeat | undefined;
    return details?.chunk ?? -1;
  }
  return -1;
}
