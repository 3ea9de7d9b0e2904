import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { AcceptedEvent, Inbox } from '../db/inbox.repository.ts';
import type { Jobs } from '../db/jobs.repository.ts';
import type { Listener } from '../db/listen.ts';
import { fairnessKey } from './fairness-key.ts';
import { lookAgain } from './look-again.ts';
import { albumWorkflowId, requestWorkflowId } from '../workflows/contract/ids.ts';
import type { InboundPayload, NewJobRequest } from '../workflows/contract/inbound.ts';
import type { Requester } from '../workflows/contract/request.ts';
import { CONTROL_QUEUE } from '../workflows/contract/task-queues.ts';
import type { Timing } from '../workflows/contract/timing.ts';
import type { Logger } from '../runtime/log.ts';

export interface RelayDeps {
  readonly client: Client;
  readonly inbox: Inbox;
  readonly jobs: Jobs;
  readonly listener: Listener;
  readonly timing: Timing;
  readonly log: Logger;
}

const BATCH = 20;
/** Failed events wait for their next try, and songs of one person for each other. */
const LOOK_EVERY_MS = 1000;

/** Starts accepted events as workflows. Any number of relays may run; an event's workflow id makes a second start harmless. */
export async function startRelay(deps: RelayDeps): Promise<{ stop(): Promise<void> }> {
  const { inbox, listener, log } = deps;
  return await lookAgain({
    watch: async (onCall) => await listener.watchInbound(onCall),
    async look() {
      const { started, failures } = await inbox.relay((event) => startEvent(event, deps), BATCH);
      for (const { eventId, attempts, error } of failures) {
        log.warn({ eventId, attempts, err: error }, 'an inbound event did not start and will be tried again');
      }
      return started === BATCH;
    },
    everyMs: LOOK_EVERY_MS,
    onError: (error) => log.error({ err: error }, 'the relay could not read the inbound ledger'),
  });
}

async function startEvent(event: AcceptedEvent, { client, jobs, timing }: RelayDeps): Promise<void> {
  const { payload } = event;
  switch (payload.kind) {
    case 'job':
      await startRequest(event, payload.request, 0, client, timing);
      return;
    case 'jobs':
      // One after the other, as they were sent: so their cards stand in this order.
      for (const [index, request] of payload.requests.entries()) {
        await startRequest(event, request, index, client, timing);
      }
      return;
    case 'cancel': {
      const job = await jobs.find(payload.jobId);
      if (job !== null) {
        await cancelWorkflow(client, job.workflowId);
      }
      return;
    }
    case 'album':
      await startAlbum(event, payload, client, timing);
  }
}

async function startRequest(
  event: AcceptedEvent,
  request: NewJobRequest,
  index: number,
  client: Client,
  timing: Timing,
): Promise<void> {
  await startOnce(client, 'handleRequest', {
    workflowId: requestWorkflowId(event, index),
    requester: request.requester,
    input: { request: { ...request, inboundEventId: event.id }, timing },
  });
}

async function startAlbum(
  { platform }: AcceptedEvent,
  { jobId, surfaceId, requester }: Extract<InboundPayload, { kind: 'album' }>,
  client: Client,
  timing: Timing,
): Promise<void> {
  await startOnce(client, 'postAlbum', {
    workflowId: albumWorkflowId(jobId, surfaceId),
    requester,
    input: { jobId, surfaceId, platform, timing },
  });
}

interface Start {
  readonly workflowId: string;
  readonly requester: Requester;
  readonly input: unknown;
}

/** What has started, or even ended, is not started again. */
async function startOnce(client: Client, workflow: string, { workflowId, requester, input }: Start): Promise<void> {
  try {
    await client.workflow.start(workflow, {
      taskQueue: CONTROL_QUEUE,
      workflowId,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      // Activities and children of a workflow inherit it.
      priority: { fairnessKey: fairnessKey(requester) },
      args: [input],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }
  }
}

/** A workflow that has ended meanwhile needs no cancelling. */
async function cancelWorkflow(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) {
      throw error;
    }
  }
}
