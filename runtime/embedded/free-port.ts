import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { randomInt } from 'node:crypto';

/** Below those that systems give to outgoing connections and to servers that ask for any port, so that none of these takes it in between. */
const FIRST = 12_000;
const LAST = 32_000;
const TRIES = 50;

async function listen(server: Server): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const port = randomInt(FIRST, LAST + 1);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: '127.0.0.1', port }, resolve);
      });
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tries === TRIES) throw error;
    }
  }
}

/**
 * Ports of 127.0.0.1 that are free now, all different. Another process that looks for one may still take one before it is used, so callers start
 * their server again with new ports when it cannot listen.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(servers.map(listen)); // all held until all are known
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => void server.close(resolve))));
  }
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}
