import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { ReleasedJob, WaitingJobs } from '../db/link-waits.repository.ts';
import type { Listener } from '../db/listen.ts';
import type { Logger } from '../runtime/log.ts';
import type { accountLinked, turnCame } from '../workflows/contract/messages.ts';
import { lookAgain } from './look-again.ts';

export interface JobRelayDeps {
  readonly client: Client;
  readonly waits: Pick<WaitingJobs, 'released' | 'settle'>;
  /** What the workflows wait for. */
  readonly signal: typeof accountLinked | typeof turnCame;
  /** Announces that there may be somebody to tell. */
  readonly channel: string;
  readonly listener: Pick<Listener, 'watch'>;
  readonly log: Logger;
  /** Looks so often without being called too; two seconds by default. */
  readonly lookEveryMs?: number;
}

const BATCH = 50;
/** A signal may be lost with the process that was to send it. */
const LOOK_EVERY_MS = 2000;

/**
 * Tells jobs that wait that what they wait for has come. A job is looked for until its workflow was told, so a crash in between
 * tells it again, which is harmless. Any number of relays may run.
 */
export async function startJobRelay({
  client,
  waits,
  signal,
  channel,
  listener,
  log,
  lookEveryMs = LOOK_EVERY_MS,
}: JobRelayDeps): Promise<{ stop(): Promise<void> }> {
  /** One that cannot be told now is told at the next look, and holds up nobody. */
  async function tell({ jobId, workflowId }: ReleasedJob): Promise<boolean> {
    try {
      await send(client, workflowId, signal);
      await waits.settle(jobId);
      return true;
    } catch (error) {
      log.warn({ err: error, job: jobId, signal: signal.name }, 'a waiting job was not told and will be told again');
      return false;
    }
  }

  return await lookAgain({
    watch: async (onCall) => await listener.watch(channel, onCall),
    async look() {
      const released = await waits.released(BATCH);
      const told = await Promise.all(released.map(async (job) => await tell(job)));
      return released.length === BATCH && told.includes(true);
    },
    everyMs: lookEveryMs,
    onError: (error) => log.error({ err: error, signal: signal.name }, 'nobody could be looked for who is to be told'),
  });
}

/** A workflow that has ended meanwhile waits for nothing. */
async function send(client: Client, workflowId: string, signal: JobRelayDeps['signal']): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(signal);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) {
      throw error;
    }
  }
}
