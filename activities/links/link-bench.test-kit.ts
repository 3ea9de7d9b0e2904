// A bench for links: a real server on loopback that the policy allows by name, and listeners that must never be reached.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createLogger } from '../../runtime/log.ts';
import { toolEnvironment } from '../../runtime/tool-environment.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { StoredSource } from '../../workflows/contract/recording.ts';
import type { EgressPolicy } from '../egress/egress-policy.ts';
import { createTestBlobs } from '../media/blobs.test-kit.ts';
import { createLinkFetcher } from './create-link-fetcher.ts';
import type { LinkConfig, LinkFetcherOptions } from './link-dependencies.ts';
import { SITE_RULES } from './site-rules.ts';
import type { SiteRule } from './site-rules.ts';

export interface LinkBench {
  /** `http://127.0.0.1:PORT` of the allowed server. */
  readonly base: string;
  readonly host: string;
  readonly blobs: BlobStore;
  readonly policy: EgressPolicy;
  /** Paths that the allowed server was asked for. */
  readonly requests: string[];
  readonly lines: string[];
  readonly fractions: number[];
  /** Another server on loopback, which nothing allows. */
  readonly honeypot: { readonly base: string; readonly connections: () => number };
  fetchLink(url: string, options?: { readonly attempt?: number }): Promise<StoredSource>;
  /** Everything that a refused link must not leave. */
  leftovers(): Promise<string[]>;
}

export const TEST_CACHE = join(tmpdir(), 'woodshed-test-cache');

async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

export async function createLinkBench(
  t: TestContext,
  answer: RequestListener,
  config: Partial<LinkConfig> = {},
  siteRules: (host: string) => readonly SiteRule[] = () => SITE_RULES,
): Promise<LinkBench> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-links-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    answer(request, response);
  });
  const host = `127.0.0.1:${String(await listen(t, server))}`;
  let connections = 0;
  const trap = createTcpServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  const honeypot = { base: `http://127.0.0.1:${String(await listen(t, trap))}`, connections: () => connections };
  const lines: string[] = [];
  const fractions: number[] = [];
  const scratchDir = join(folder, 'scratch');
  const blobs = createTestBlobs(join(folder, 'blobs'));
  const options: LinkFetcherOptions = {
    blobs,
    config: { direct: true, sites: [], allowPrivateHosts: [host], ...config },
    limits: { largestUploadBytes: 5_000_000, longestSongSeconds: 1800 },
    resolve: async () => [],
    unreachableAfterMs: 0,
    reportProgress: async ({ line, fraction }) => {
      fractions.push(fraction);
      if (line !== undefined) lines.push(line);
    },
    log: createLogger({ name: 'test', level: 'silent', destination: 'stderr' }),
    scratchDir,
    cacheDir: TEST_CACHE,
    toolEnvironment: toolEnvironment(),
    siteRules: siteRules('127.0.0.1'),
  };
  const fetchLink = createLinkFetcher(options);
  return {
    base: `http://${host}`,
    host,
    blobs,
    policy: { allowPrivateHosts: [host] },
    requests,
    lines,
    fractions,
    honeypot,
    fetchLink: async (url, { attempt = 1 } = {}) =>
      new MockActivityEnvironment({ attempt }, { logger: new DefaultLogger('ERROR') }).run(() =>
        fetchLink({ jobId: 'job', url }),
      ),
    async leftovers() {
      const keys: string[] = await readdir(scratchDir).catch(() => []);
      for await (const key of blobs.list('')) keys.push(key);
      return keys;
    },
  };
}
