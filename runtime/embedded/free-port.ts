import { createServer } from 'node:net';
import type { Server } from 'node:net';

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('a listening socket has no port'));
      else resolve(address.port);
    });
  });
}

/**
 * Ports of 127.0.0.1 that are free now, all different. Another process may take one before it is used, so callers start their
 * server again with new ports when it cannot listen.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(servers.map(listen)); // all held until all are known
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => void server.close(resolve))));
  }
}
