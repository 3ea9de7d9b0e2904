import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface TestProxy {
  readonly url: string;
  up(): Promise<void>;
  down(): Promise<void>;
  connections(): number;
}

/** A way to the database that can be closed and opened again, as if the server restarted. */
export async function startTestProxy(databaseUrl: string): Promise<TestProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  let port = 0;
  const up = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    ({ port } = server.address() as AddressInfo);
  };
  await up();
  const url = new URL(target);
  url.port = String(port);
  return {
    url: url.href,
    up,
    connections: () => sockets.size,
    async down() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
