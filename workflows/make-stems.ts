/** From what somebody handed over to the stems of it, computed or found. */
import { ChildWorkflowCancellationType, executeChild, workflowInfo } from '@temporalio/workflow';
import type { OpenedJob } from './contract/control-activities.ts';
import { separationWorkflowId } from './contract/ids.ts';
import type { DecodedRecording, ProbedSource, StoredSource } from './contract/recording.ts';
import type { JobRequest } from './contract/request.ts';
import type { FinishedStem, FinishedStems } from './contract/stems.ts';
import type { Timing } from './contract/timing.ts';
import { chatActivities, computeActivities, controlActivities, linkActivities, mediaActivities } from './proxies.ts';
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

/** A claim may be off by so much before the share is corrected. */
const CLAIM_TOLERANCE_SECONDS = 1;

export async function makeStems(request: JobRequest, { jobId, plan }: OpenedJob, timing: Timing): Promise<MadeStems> {
  const source = await receive(request, jobId, timing);
  const earlier = await controlActivities(timing).findEarlier({
    jobId,
    recordingSha256: source.sha256,
    planKey: plan.planKey,
  });
  const { recording, finished } = earlier ?? (await separate(source, { jobId, plan }, timing));
  const { pick } = request.command;
  const mixed =
    pick.kind === 'all'
      ? null
      : await resumeCompute(timing, () =>
          computeActivities(timing.computeHeartbeatSeconds).mixStems({ jobId, recording, finished, pick }),
        );
  return { recording, finished, mixed, reused: earlier !== null };
}

async function receive(request: JobRequest, jobId: string, timing: Timing): Promise<StoredSource> {
  const { source } = request.command;
  switch (source.kind) {
    case 'link':
      return await linkActivities(timing).fetchLink({ jobId, url: source.url });
    case 'attachment':
      return await chatActivities(request.address.platform, timing).collectAttachment({ jobId, source });
    case 'uploaded':
      return await controlActivities(timing).takeUpload({ jobId, source });
    case 'earlier':
      return await controlActivities(timing).reuseSource({ jobId, earlierJobId: source.jobId });
  }
}

async function separate(
  source: StoredSource,
  { jobId, plan }: Pick<OpenedJob, 'jobId' | 'plan'>,
  timing: Timing,
): Promise<{ readonly recording: DecodedRecording; readonly finished: FinishedStems }> {
  const recording = await read(jobId, source, timing);
  const finished = await executeChild(separateStems, {
    workflowId: separationWorkflowId(workflowInfo().workflowId),
    args: [{ jobId, plan, recording, timing }],
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  return { recording, finished };
}

/** The band's share is reserved by what the file claims before anything is decoded, and corrected where it claimed wrongly. */
async function read(jobId: string, source: StoredSource, timing: Timing): Promise<DecodedRecording> {
  const control = controlActivities(timing);
  const media = mediaActivities(timing);
  const { bytes } = source;
  const probed: ProbedSource = await media.probeSource({ jobId, source });
  const claimedSeconds = probed.claimedSeconds ?? 0;
  await control.reserveAudio({ jobId, seconds: claimedSeconds, bytes });
  const recording = await media.decodeRecording({ jobId, source, probed });
  const seconds = recording.durationSeconds;
  if (Math.abs(seconds - claimedSeconds) > CLAIM_TOLERANCE_SECONDS) {
    await control.reserveAudio({ jobId, seconds, bytes });
  }
  await control.saveRecording({ jobId, source, recording });
  return recording;
}
