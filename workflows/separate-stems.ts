import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  TimeoutFailure,
  isCancellation,
  sleep,
} from '@temporalio/workflow';
import { WORKER_GONE } from './contract/compute-activities.ts';
import type { ComputeHeartbeat, ProgressSpan } from './contract/compute-activities.ts';
import type { DecodedRecording, PcmBlob } from './contract/recording.ts';
import type { FinishedStems, SeparationPlan, StrategyNode } from './contract/stems.ts';
import { refuse } from './contract/failure.ts';
import type { Timing } from './contract/timing.ts';
import { computeActivities } from './proxies.ts';

/** So often an attempt may fail without getting any further before the job is taken for the cause. */
const FAILURES_WITHOUT_PROGRESS = 5;
/** So often a worker may die. More often: whoever kills workers need not mean this job. */
const DEATHS_WITHOUT_PROGRESS = 12;

export interface SeparateStemsInput {
  readonly jobId: string;
  readonly plan: SeparationPlan;
  readonly recording: DecodedRecording;
  readonly timing: Timing;
}

interface Leaf {
  readonly name: string;
  readonly pcm: PcmBlob;
}

/** Walks the strategy tree, siblings in parallel, and finishes its leaves. */
export async function separateStems(input: SeparateStemsInput): Promise<FinishedStems> {
  const { jobId, plan, recording, timing } = input;
  const compute = computeActivities(Math.max(plan.heartbeatSeconds, timing.computeHeartbeatSeconds));
  const share = 1 / countNodes(plan.tree);
  let begun = 0;

  async function separate(node: StrategyNode, pcm: PcmBlob): Promise<Leaf[]> {
    const progress: ProgressSpan = { from: begun * share, to: (begun + 1) * share };
    begun += 1;
    const { slots } = await resume(timing, () =>
      compute.separateNode({ jobId, separator: node.separator, quality: plan.quality, input: pcm, progress }),
    );
    const leaves = await Promise.all(
      Object.entries(node.outputs).map(async ([slot, output]) => {
        const slotPcm = slots[slot];
        if (slotPcm === undefined) {
          refuse('internal');
        }
        return typeof output === 'string' ? [{ name: output, pcm: slotPcm }] : await separate(output, slotPcm);
      }),
    );
    return leaves.flat();
  }

  // A scope of its own: when one branch fails, its siblings are cancelled rather than left to compute for nobody.
  return await CancellationScope.cancellable(async () => {
    try {
      const stems = await separate(plan.tree, recording.working);
      return await resume(timing, () => compute.finishStems({ jobId, recording, stems }));
    } catch (error) {
      CancellationScope.current().cancel();
      throw error;
    }
  });
}

function countNodes(node: StrategyNode): number {
  return Object.values(node.outputs).reduce<number>(
    (count, output) => count + (typeof output === 'string' ? 0 : countNodes(output)),
    1,
  );
}

/**
 * Runs a compute activity until it ends. Checkpoints make another attempt cheap, so a worker may be killed any number of times as
 * long as each few attempts get further; a job that kills its worker at the same chunk again and again is given up.
 */
async function resume<T>(timing: Timing, attempt: () => Promise<T>): Promise<T> {
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
