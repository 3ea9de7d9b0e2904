/** Work that dead workers hold. The server learns of a death by a missing heartbeat; this process may know of it at once. */
import { hostname } from 'node:os';
import { ActivityNotFoundError, defaultPayloadConverter } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import proto from '@temporalio/proto';
import { WORKER_GONE } from '../workflows/contract/compute-activities.ts';

type Description = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>;
type PendingActivity = NonNullable<Description['raw']['pendingActivities']>[number];

const { PENDING_ACTIVITY_STATE_STARTED: STARTED, PENDING_ACTIVITY_STATE_CANCEL_REQUESTED: CANCEL_REQUESTED } =
  proto.temporal.api.enums.v1.PendingActivityState;

const RUNNING = 'ExecutionStatus = "Running"';

/** How the SDK names a worker of this machine, unless it is told another name. */
export function workerIdentity(pid: number): string {
  return `${String(pid)}@${hostname()}`;
}

/**
 * Ends every activity attempt that is held by a worker for which `isDead` holds: as cancelled where cancelling was asked for, with
 * {@link WORKER_GONE} and its last heartbeat otherwise, so that the next attempt starts now. Returns how many there were.
 */
export async function releaseLeftWork(client: Client, isDead: (identity: string) => boolean): Promise<number> {
  let released = 0;
  for await (const { workflowId, runId } of client.workflow.list({ query: RUNNING })) {
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    for (const pending of raw.pendingActivities ?? []) {
      if (
        (pending.state === STARTED || pending.state === CANCEL_REQUESTED) &&
        isDead(pending.lastWorkerIdentity ?? '')
      ) {
        released += await release(client, { workflowId, runId }, pending);
      }
    }
  }
  return released;
}

/**
 * The same where every worker that the server knew is dead. Their caches of workflows are gone too: a next step would wait ten seconds
 * for them before it went to anybody else.
 */
export async function releaseAllWork(client: Client): Promise<number> {
  const { namespace } = client.options;
  for await (const { workflowId, runId } of client.workflow.list({ query: RUNNING })) {
    await client.workflowService.resetStickyTaskQueue({ namespace, execution: { workflowId, runId } });
  }
  return await releaseLeftWork(client, () => true);
}

/** 0 where the server was quicker. */
async function release(
  client: Client,
  execution: { readonly workflowId: string; readonly runId: string },
  { activityId, state, heartbeatDetails }: PendingActivity,
): Promise<0 | 1> {
  const id = { ...execution, activityId: activityId ?? '' };
  const [heartbeat] = heartbeatDetails?.payloads ?? [];
  const details = heartbeat === undefined ? [] : [defaultPayloadConverter.fromPayload(heartbeat)];
  try {
    await (state === CANCEL_REQUESTED
      ? client.activity.reportCancellation(id)
      : client.activity.fail(
          id,
          ApplicationFailure.create({ type: WORKER_GONE, message: 'the worker died', details }),
        ));
    return 1;
  } catch (error) {
    if (error instanceof ActivityNotFoundError) {
      return 0;
    }
    throw error;
  }
}
