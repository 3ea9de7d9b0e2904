import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { LinkWaits, ReleasedJob } from '../db/link-waits.repository.ts';
import type { Listener } from '../db/listen.ts';
import { LINK_CHANNEL } from '../db/notify.ts';
import type { Logger } from '../runtime/log.ts';
import { accountLinked } from '../workflows/contract/messages.ts';

export interface LinkRelayDeps {
  readonly client: Client;
  readonly waits: Pick<LinkWaits, 'released' | 'settle'>;
  readonly listener: Pick<Listener, 'watch'>;
  readonly log: Logger;
  /** Looks so often without being called too; two seconds by default. */
  readonly lookEveryMs?: number;
}

const BATCH = 50;
/** A notification may be lost with its connection, and a signal with the process that was to send it. */
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
  let stopped = false;
  let again = false;
  let running: Promise<void> | null = null;

  async function tellAll(): Promise<void> {
    do {
      again = false;
      const released = await waits.released(BATCH);
      const told = await Promise.all(released.map(async (job) => await tell(job)));
      again ||= released.length === BATCH && told.includes(true);
    } while (again && !stopped);
  }

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

  function look(): void {
    again = true;
    if (running === null && !stopped) {
      running = tellAll()
        .catch((error: unknown) => {
          log.error({ err: error }, 'nobody could be told of links');
        })
        .finally(() => {
          running = null;
        });
    }
  }

  const watch = await listener.watch(LINK_CHANNEL, look);
  const timer = setInterval(look, lookEveryMs);
  look();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await watch.stop();
      await running;
    },
  };
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
