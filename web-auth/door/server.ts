/** The door: which page answers, what every answer carries, and how much a visitor may ask of it. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../../runtime/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Part } from '../ops/readiness.ts';
import { clientAddress, isFromInside } from './client-address.ts';
import { answerFile } from '../files/file-page.ts';
import type { FilePageDeps } from '../files/file-page.ts';
import { answerInWords, answerNotFound } from './plain-answer.ts';
import { createVisitors } from './visitors.ts';
import type { VisitorLimits } from './visitors.ts';

export interface WebServerOptions extends FilePageDeps {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Browsers come by https, through a proxy in front of us. */
  readonly isHttps: boolean;
  /** Where the pages begin, such as `/woodshed`; empty for the root. A proxy may cut it off or leave it. */
  readonly basePath: string;
  /** How the parts stand that Woodshed stands on. */
  readonly parts: () => Promise<readonly Part[]>;
  /** Told to whoever asks from inside alone; null where there are none. */
  readonly metrics: Metrics | null;
  /** All other pages; paths come to them without the base path. */
  readonly pages?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly limits?: VisitorLimits;
  /** A client that takes nothing for this long is cut off; it may go on with a range. */
  readonly idleLimitMs?: number;
  readonly log: Logger;
}

export interface WebServer {
  readonly port: number;
  /** Lets downloads go on for a moment, then cuts them. */
  stop(): Promise<void>;
}

const USUAL_LIMITS: VisitorLimits = { atOnce: 16, perMinute: 240, most: 10_000 };
const MOST_CONNECTIONS = 500;
const HEADERS_LIMIT_MS = 10_000;
/** Of the whole request: a piece of a song on a slow line. Who sends nothing is cut off much sooner. */
const REQUEST_LIMIT_MS = 300_000;
const IDLE_LIMIT_MS = 60_000;
const KEEP_ALIVE_MS = 5_000;
const STOP_GRACE_MS = 2_000;
const LARGEST_HEADERS_BYTES = 8192;
const PROBES = new Set(['/healthz', '/readyz', '/metrics']);
const FILE_PATH = /^\/d\/([\w-]+)$/u;

/** @throws Error with code EADDRINUSE where the port is taken */
export async function openWebServer(options: WebServerOptions): Promise<WebServer> {
  const { log } = options;
  const visitors = createVisitors(options.limits ?? USUAL_LIMITS, () => performance.now());
  const parts = oneAtATime(options.parts);
  const running = new Set<Promise<void>>();
  const headers = usualHeaders(options.isHttps);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeaders(headers);
    const path = pathOf(request, options.basePath);
    const { pages } = options;
    const isPage = pages !== undefined && !path.startsWith('/d/') && !PROBES.has(path);
    if (!isPage && request.method !== 'GET' && request.method !== 'HEAD') {
      // What it sends is not waited for.
      response.setHeader('Allow', 'GET, HEAD').setHeader('Connection', 'close');
      answerInWords(response, 405, 'This can be read, and nothing else.');
      return;
    }
    if (path === '/healthz') {
      answerInWords(response, 200, 'Up.');
      return;
    }
    if (path === '/readyz') {
      const missing = (await parts()).filter(({ isWell }) => !isWell).map(({ name }) => name);
      const isReady = missing.length === 0;
      answerInWords(response, isReady ? 200 : 503, isReady ? 'Ready.' : `No answer from: ${missing.join(', ')}.`);
      return;
    }
    if (path === '/metrics' && options.metrics !== null && isFromInside(request)) {
      response.writeHead(200, { 'Content-Type': options.metrics.contentType, 'Cache-Control': 'no-store' });
      response.end(await options.metrics.read());
      return;
    }
    const visit = visitors.enter(clientAddress(request));
    if ('waitSeconds' in visit) {
      response.setHeader('Retry-After', visit.waitSeconds);
      answerInWords(response, 429, 'That was a lot at once. Try again in a moment.');
      return;
    }
    try {
      const token = FILE_PATH.exec(path)?.[1];
      if (isPage) await pages(withoutBase(request, options.basePath), response);
      else if (token === undefined) answerNotFound(response);
      else await answerFile(request, response, token, options);
    } finally {
      visit.leave();
    }
  }

  const limits = {
    headersTimeout: HEADERS_LIMIT_MS,
    requestTimeout: REQUEST_LIMIT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const server = createServer({ ...limits, maxHeaderSize: LARGEST_HEADERS_BYTES }, (request, response) => {
    const answered = answer(request, response)
      .catch((error: unknown) => {
        // The path is a key to a file, so it is in no log.
        log.warn({ err: error }, 'a page could not be answered');
        if (response.headersSent) response.destroy();
        else answerInWords(response, 500, 'Something went wrong here. Try again in a moment.');
      })
      .finally(() => running.delete(answered));
    running.add(answered);
  });
  server.timeout = options.idleLimitMs ?? IDLE_LIMIT_MS;
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const cut = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(cut);
      await Promise.all(running);
    },
  };
}

function usualHeaders(isHttps: boolean): Headers {
  return new Headers({
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Robots-Tag': 'noindex, nofollow',
    ...(isHttps ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  });
}

/** As it was sent: nothing is decoded or resolved, so no other spelling leads anywhere. Chats may hang a query on it. */
function pathOf({ url = '' }: IncomingMessage, basePath: string): string {
  const [path = ''] = url.split('?');
  return basePath !== '' && path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
}

/** With its query. */
function withoutBase(request: IncomingMessage, basePath: string): IncomingMessage {
  const { url = '' } = request;
  if (basePath !== '' && url.startsWith(`${basePath}/`)) request.url = url.slice(basePath.length);
  return request;
}

/** Whoever asks while a look is under way gets its answer. */
function oneAtATime<T>(look: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  return async () => {
    underWay ??= look().finally(() => {
      underWay = null;
    });
    return await underWay;
  };
}
