import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { LinkWaits, ReleasedJob } from '../db/link-waits.repository.ts';
import type { Listener } from '../db/listen.ts';
import { LINK_CHANNEL } from '../db/notify.ts';
import type { Logger } from '../runtime/log.ts';
import { accountLinked } from '../workflows/contract/messages.ts';
import { lookAgain } from './look-again.ts';

export interface LinkRelayDeps {
  readonly client: Client;
  readonly waits: Pick<LinkWaits, 'released' | 'settle'>;
  readonly listener: Pick<Listener, 'watch'>;
  readonly log: Logger;
  /** Looks so often without being called too; two seconds by default. */
  readonly lookEveryMs?: number;
}

const BATCH = 50;
/** A signal may be lost with the process that was to send it. */
const LOOK_EVERY_MS = 2000;

/**
 * Tells jobs that wait for their asker's link that it is there. A job is looked for until its workflow was told, so a crash in between
 * tells it again, which is harmless. Any number of relays may run.
 */
export async function startLinkRelay({
  client,
  waits,
  listener,
  log,
  lookEveryMs = LOOK_EVERY_MS,
}: LinkRelayDeps): Promise<{ stop(): Promise<void> }> {
  /** One that cannot be told now is told at the next look, and holds up nobody. */
  async function tell({ jobId, workflowId }: ReleasedJob): Promise<boolean> {
    try {
      await signal(client, workflowId);
      await waits.settle(jobId);
      return true;
    } catch (error) {
      log.warn({ err: error, job: jobId }, 'a job was not told that its link is there and will be told again');
      return false;
    }
  }

  return await lookAgain({
    watch: async (onCall) => await listener.watch(LINK_CHANNEL, onCall),
    async look() {
      const released = await waits.released(BATCH);
      const told = await Promise.all(released.map(async (job) => await tell(job)));
      return released.length === BATCH && told.includes(true);
    },
    everyMs: lookEveryMs,
    onError: (error) => log.error({ err: error }, 'nobody could be told of links'),
  });
}

/** A workflow that has ended meanwhile waits for nothing. */
async function signal(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(accountLinked);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) {
      throw error;
    }
  }
}
