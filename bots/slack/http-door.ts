/** Slack's requests over HTTP, in front of Bolt's own receiver, which checks signatures and their age. */
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Signatures of the future are as good as forged: a clock that far off is somebody else's. */
const MOST_SECONDS_AHEAD = 300;
const HEADERS_LIMIT_MS = 10_000;
const REQUEST_LIMIT_MS = 30_000;
/** Bolt would read a number in any spelling, and check another text than the one that came. */
const SECONDS = /^[1-9]\d{0,11}$/u;
const SIGNED_ONCE = ['x-slack-signature', 'x-slack-request-timestamp'];

function isTime(signedAt: string): boolean {
  return SECONDS.test(signedAt) && Number(signedAt) - Date.now() / 1000 <= MOST_SECONDS_AHEAD;
}

export interface HttpDoor {
  readonly port: number;
  stop(): Promise<void>;
}

/** @param port 0 takes a free one */
export async function openHttpDoor(port: number, host: string, listener: RequestListener): Promise<HttpDoor> {
  const server = createServer((request, response) => {
    // Several signatures are joined by the parser; Bolt would compare the lot.
    const isDoubled = SIGNED_ONCE.some((name) => (request.headersDistinct[name]?.length ?? 0) > 1);
    const signedAt = request.headersDistinct['x-slack-request-timestamp']?.[0];
    if (isDoubled || (signedAt !== undefined && !isTime(signedAt))) {
      response.writeHead(401).end();
      return;
    }
    listener(request, response);
  });
  server.headersTimeout = HEADERS_LIMIT_MS;
  server.requestTimeout = REQUEST_LIMIT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
  };
}
