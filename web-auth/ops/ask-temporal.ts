import type { Client } from '@temporalio/client';

export interface TemporalLook {
  /** Rejects where the server does not answer. */
  ask(): Promise<void>;
  /** Resolves when nothing uses the client any more: the client's own retries must not outlive its connection. */
  settle(): Promise<void>;
}

const LIMIT_MS = 2000;

export function createTemporalLook(client: Client): TemporalLook {
  const underWay = new Set<Promise<void>>();

  async function look(): Promise<void> {
    await client.withDeadline(Date.now() + LIMIT_MS, async () => await client.workflowService.getSystemInfo({}));
  }

  return {
    async ask() {
      const asking = look().finally(() => underWay.delete(asking));
      underWay.add(asking);
      await asking;
    },
    async settle() {
      await Promise.allSettled(underWay);
    },
  };
}
