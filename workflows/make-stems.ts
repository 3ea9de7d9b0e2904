/** From what somebody handed over to the stems of it, computed or found. */
import { ChildWorkflowCancellationType, executeChild, workflowInfo } from '@temporalio/workflow';
import { separationWorkflowId } from './contract/ids.ts';
import type { DecodedRecording, StoredSource } from './contract/recording.ts';
import type { JobRequest, StemPick } from './contract/request.ts';
import type { FinishedStem, FinishedStems, SeparationPlan } from './contract/stems.ts';
import type { Timing } from './contract/timing.ts';
import { computeActivities, controlActivities } from './proxies.ts';
import { readSong, receiveSong } from './receive-song.ts';
import { resumeCompute } from './resume-compute.ts';
import { separateStems } from './separate-stems.ts';

export interface MadeStems {
  readonly recording: DecodedRecording;
  readonly finished: FinishedStems;
  /** The one file of a pick; null where all stems were asked for. */
  readonly mixed: FinishedStem | null;
  /** True where nothing was separated, as the band had these stems. */
  readonly reused: boolean;
}

export interface PlannedStems {
  readonly jobId: string;
  readonly plan: SeparationPlan;
  readonly pick: StemPick;
}

export async function makeStems(
  request: JobRequest,
  { jobId, plan, pick }: PlannedStems,
  timing: Timing,
): Promise<MadeStems> {
  const source = await receiveSong(request, jobId, timing);
  const earlier = await controlActivities(timing).findEarlier({
    jobId,
    recordingSha256: source.sha256,
    planKey: plan.planKey,
  });
  const { recording, finished } = earlier ?? (await readAndSeparate(source, { jobId, plan }, timing));
  const mixed =
    pick.kind === 'all'
      ? null
      : await resumeCompute(timing, () =>
          computeActivities(timing.computeHeartbeatSeconds).mixStems({ jobId, recording, finished, pick }),
        );
  return { recording, finished, mixed, reused: earlier !== null };
}

async function readAndSeparate(
  source: StoredSource,
  planned: Pick<PlannedStems, 'jobId' | 'plan'>,
  timing: Timing,
): Promise<{ readonly recording: DecodedRecording; readonly finished: FinishedStems }> {
  const recording = await readSong(planned.jobId, source, timing);
  return { recording, finished: await separateSong(recording, planned, timing) };
}

/** In a workflow of its own, of which a job has one at most. */
export async function separateSong(
  recording: DecodedRecording,
  { jobId, plan }: Pick<PlannedStems, 'jobId' | 'plan'>,
  timing: Timing,
): Promise<FinishedStems> {
  return await executeChild(separateStems, {
    workflowId: separationWorkflowId(workflowInfo().workflowId),
    args: [{ jobId, plan, recording, timing }],
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}
