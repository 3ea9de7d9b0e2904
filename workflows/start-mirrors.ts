import { ChildWorkflowCancellationType, ParentClosePolicy, log, startChild, workflowInfo } from '@temporalio/workflow';
import type { ChildWorkflowHandle } from '@temporalio/workflow';
import type { OpenedJob } from './contract/control-activities.ts';
import { mirrorWorkflowId } from './contract/ids.ts';
import type { JobOutcome } from './contract/job.ts';
import { outcomeReached } from './contract/messages.ts';
import type { StemFormat } from './contract/request.ts';
import type { Timing } from './contract/timing.ts';
import { mirrorJob } from './mirror-job.ts';

type Mirror = ChildWorkflowHandle<typeof mirrorJob>;

/** One workflow per other chat of the band; they outlive the job. */
export async function startMirrors(
  { jobId, mirrors }: Pick<OpenedJob, 'jobId' | 'mirrors'>,
  format: StemFormat | null,
  timing: Timing,
): Promise<readonly Mirror[]> {
  return await Promise.all(
    mirrors.map(
      async ({ surfaceId, platform }) =>
        await startChild(mirrorJob, {
          workflowId: mirrorWorkflowId(workflowInfo().workflowId, surfaceId),
          args: [{ jobId, surfaceId, platform, format, timing }],
          parentClosePolicy: ParentClosePolicy.ABANDON,
          cancellationType: ChildWorkflowCancellationType.ABANDON,
        }),
    ),
  );
}

/** A mirror whose chat is gone has ended already; it is told nothing. */
export async function tellMirrors(mirrors: readonly Mirror[], outcome: JobOutcome): Promise<void> {
  const told = await Promise.allSettled(mirrors.map(async (mirror) => await mirror.signal(outcomeReached, outcome)));
  for (const result of told) {
    if (result.status === 'rejected') {
      log.info('a mirror was not told, as it has ended', { error: String(result.reason) });
    }
  }
}
