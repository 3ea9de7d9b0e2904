/** A door on a free port, and requests to it as they are written, which `fetch` would tidy up. */
import { createHash } from 'node:crypto';
import { request as send } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { TestContext } from 'node:test';
import { createFileLinks } from '../../runtime/file-links.ts';
import { createLogger } from '../../runtime/log.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { openWebServer } from './server.ts';
import type { WebServer, WebServerOptions } from './server.ts';

export const SECRET = '0f'.repeat(16);
const HOUR_MS = 3_600_000;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Door extends WebServer {
  ask(path: string, options?: { method?: string; headers?: Record<string, string> }): Promise<Answer>;
  /** A path that leads to these bytes, which are stored under the key. */
  store(key: string, bytes: Uint8Array, fileName: string, hours?: number): Promise<string>;
}

export async function openDoor(
  t: TestContext,
  blobs: BlobStore,
  options: Partial<WebServerOptions> = {},
): Promise<Door> {
  const links = createFileLinks([SECRET]);
  const server = await openWebServer({
    host: '127.0.0.1',
    port: 0,
    isHttps: false,
    basePath: '',
    openLink: (token) => links.open(token, new Date()),
    blobs,
    parts: async () => await Promise.resolve([]),
    metrics: null,
    log: createLogger({ name: 'test', level: 'silent', destination: 'stderr' }),
    ...options,
  });
  t.after(server.stop);
  return {
    ...server,
    ask: async (path, { method = 'GET', headers = {} } = {}) =>
      await new Promise((resolve, reject) => {
        const address = { host: '127.0.0.1', port: server.port, path, method, headers, agent: false };
        const request = send(address, (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('error', reject);
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) });
          });
        });
        request.on('error', reject).end();
      }),
    async store(key, bytes, fileName, hours = 1) {
      const { sha256 } = await blobs.put(key, once(bytes));
      return `/d/${links.sign({ key, sha256, fileName }, new Date(Date.now() + hours * HOUR_MS))}`;
    },
  };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
