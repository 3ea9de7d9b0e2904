import type { Pool, PoolClient } from 'pg';

/** Long enough for whoever holds a dead connection to notice and give it back. */
const UNWIND_MS = 1000;

/**
 * Gives back connections that died while a transaction held them. The query layer gives a transaction's connection back only
 * after a commit or rollback that succeeded, which on a dead one neither does: every restart of the server would cost places
 * of the pool, until none is left and all work waits for ever.
 */
export function releaseDeadClients(pool: Pool): void {
  const held = new Set<PoolClient>();
  pool.on('acquire', (client) => held.add(client));
  pool.on('release', (_error, client) => held.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!held.has(client)) return;
      setTimeout(() => {
        if (held.has(client)) client.release(true);
      }, UNWIND_MS).unref();
    });
  });
}
