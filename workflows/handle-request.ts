import {
  CancellationScope,
  ChildWorkflowCancellationType,
  executeChild,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobOutcome } from './contract/job.ts';
import type { OpenedJob } from './contract/control-activities.ts';
import { separationWorkflowId } from './contract/ids.ts';
import type { DecodedRecording, StoredSource } from './contract/recording.ts';
import type { JobRequest } from './contract/request.ts';
import type { FinishedStems } from './contract/stems.ts';
import type { Timing } from './contract/timing.ts';
import { failureOutcome, reportFailure } from './failure-report.ts';
import { chatActivities, controlActivities, linkActivities, mediaActivities } from './proxies.ts';
import { separateStems } from './separate-stems.ts';

export interface HandleRequestInput {
  readonly request: JobRequest;
  readonly timing: Timing;
}

/** One accepted chat request, from the card to the posted result. Always ends with an outcome; throws only when it cannot be told. */
export async function handleRequest({ request, timing }: HandleRequestInput): Promise<JobOutcome> {
  const control = controlActivities(timing);
  const chat = chatActivities(request.address.platform, timing);
  const { jobId, ...opened } = await control.openJob({ request, workflowId: workflowInfo().workflowId });

  let outcome: JobOutcome;
  try {
    await chat.postCard({ jobId });
    outcome =
      opened.plan === null ? failureOutcome(opened.refusal) : await work(request, { jobId, plan: opened.plan }, timing);
    await chat.deliverOutcome({ jobId, outcome });
  } catch (error) {
    outcome = isCancellation(error) ? { state: 'cancelled' } : failureOutcome(reportFailure(error));
    await CancellationScope.nonCancellable(() => chat.deliverOutcome({ jobId, outcome }));
  }
  await CancellationScope.nonCancellable(() => control.endJob({ jobId, outcome }));
  return outcome;
}

async function work(request: JobRequest, { jobId, plan }: OpenedJob, timing: Timing): Promise<JobOutcome> {
  const control = controlActivities(timing);
  const media = mediaActivities(timing);
  const { format } = request.command;

  const source = await receive(request, jobId, timing);
  const earlier = await control.findEarlier({ jobId, recordingSha256: source.sha256, planKey: plan.planKey });

  let recording: DecodedRecording;
  let finished: FinishedStems;
  if (earlier === null) {
    const probed = await media.probeSource({ jobId, source });
    recording = await media.decodeRecording({ jobId, source, probed });
    await control.saveRecording({ jobId, source, recording });
    finished = await executeChild(separateStems, {
      workflowId: separationWorkflowId(workflowInfo().workflowId),
      args: [{ jobId, plan, recording, timing }],
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    });
  } else {
    ({ recording, finished } = earlier);
  }
  const files = await media.encodeStems({ jobId, finished, format });
  const result = await control.saveResult({ jobId, plan, format, recording, finished, files });
  return { state: 'done', result, reused: earlier !== null };
}

async function receive(request: JobRequest, jobId: string, timing: Timing): Promise<StoredSource> {
  const { source } = request.command;
  return source.kind === 'link'
    ? await linkActivities(timing).fetchLink({ jobId, url: source.url })
    : await chatActivities(request.address.platform, timing).collectAttachment({ jobId, source });
}
