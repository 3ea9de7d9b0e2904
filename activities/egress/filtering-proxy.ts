// A forward proxy for one run of one child process: whatever that program makes of an address, only checked connections leave.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EgressError } from './egress-error.ts';
import { parseTarget } from './egress-policy.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { connectGuarded } from './guarded-connect.ts';

export interface FilteringProxyOptions {
  readonly policy: EgressPolicy;
  /** Which hosts this run may speak to at all; public ones too. */
  readonly allowHost: (hostname: string) => boolean;
  /** In both directions together; past it every connection is cut. */
  readonly maxBytes: number;
  readonly onBytes?: (total: number) => void;
}

export interface FilteringProxy {
  /** With its random credential; for the child alone. */
  readonly url: string;
  /** Whether the run was cut off for passing `maxBytes`. */
  readonly overflowed: boolean;
  /** Requests that were turned away, by reason. */
  readonly refused: readonly EgressError['reason'][];
  [Symbol.asyncDispose](): Promise<void>;
}

const IDLE_TIMEOUT_MS = 30_000;
const MOST_CONNECTIONS = 32;
const NO_BODY = 'content-length: 0\r\nconnection: close\r\n\r\n';
const METHODS = new Set(['GET', 'HEAD', 'POST']);
// RFC 9110 §7.6.1: these are between a client and its proxy.
const HOP_BY_HOP = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/u;

/** Listens on a free loopback port until it is disposed of. */
export async function startFilteringProxy(options: FilteringProxyOptions): Promise<FilteringProxy> {
  const password = randomBytes(24).toString('base64url');
  const credential = Buffer.from(`Basic ${Buffer.from(`woodshed:${password}`).toString('base64')}`);
  const sockets = new Set<Duplex>();
  const refused: EgressError['reason'][] = [];
  let bytes = 0;
  let overflowed = false;

  const isOurs = (headers: IncomingHttpHeaders): boolean => {
    const given = Buffer.from(headers['proxy-authorization'] ?? '');
    return given.length === credential.length && timingSafeEqual(given, credential);
  };
  const counted = (): Transform =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        overflowed ||= bytes > options.maxBytes;
        if (overflowed) done(new EgressError('too-large'));
        else done(null, chunk);
        options.onBytes?.(bytes);
      },
    });
  const open = async (link: string): Promise<{ readonly url: URL; readonly socket: Socket }> => {
    const { url, hostname, port } = parseTarget(link, options.policy);
    if (!options.allowHost(hostname)) throw new EgressError('blocked-host');
    if (overflowed) throw new EgressError('too-large');
    const socket = await connectGuarded(hostname, port, options.policy);
    track(socket, sockets);
    return { url, socket };
  };
  const turnAway = (error: unknown): number => {
    if (!(error instanceof EgressError)) return 502;
    refused.push(error.reason);
    return error.reason === 'unreachable' || error.reason === 'timeout' ? 502 : 403;
  };

  const forward = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    if (!isOurs(incoming.headers)) {
      answer.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
      return;
    }
    try {
      // An encrypted connection comes by CONNECT; `https:` in plain text would be the proxy's to encrypt.
      if (!METHODS.has(incoming.method ?? '') || incoming.url?.startsWith('http:') !== true)
        throw new EgressError('blocked-scheme');
      const { url, socket } = await open(incoming.url);
      const headers = endToEnd(incoming.headers);
      const path = `${url.pathname}${url.search}`;
      // With any `agent` option Node ignores `createConnection` and connects by itself, to `host` or localhost.
      const outgoing = request({
        method: incoming.method,
        path,
        headers: { ...headers, host: url.host },
        createConnection: () => socket,
      });
      const response = new Promise<IncomingMessage>(
        (resolve, reject) => void outgoing.once('response', resolve).once('error', reject),
      );
      await Promise.all([pipeline(incoming, counted(), outgoing), respond(await response, answer, counted())]);
    } catch (error) {
      const status = turnAway(error);
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(status, { connection: 'close' }).end();
    }
  };

  const tunnel = async (incoming: IncomingMessage, client: Duplex, head: Buffer): Promise<void> => {
    if (!isOurs(incoming.headers)) {
      client.end(`HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n${NO_BODY}`);
      return;
    }
    const opened = await open(`https://${incoming.url ?? ''}`).catch((error: unknown) => turnAway(error));
    if (typeof opened === 'number') {
      client.end(`HTTP/1.1 ${String(opened)} Refused\r\n${NO_BODY}`);
      return;
    }
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) client.unshift(head);
    const { socket } = opened;
    // Either side's end ends the other; how it ended is for the two of them to notice.
    await Promise.allSettled([pipeline(client, counted(), socket), pipeline(socket, counted(), client)]);
  };

  const server = createServer({ maxHeaderSize: 32 * 1024 }, (incoming, answer) => void forward(incoming, answer));
  server.maxConnections = MOST_CONNECTIONS;
  server.on('connection', (socket) => track(socket, sockets));
  server.on('connect', (incoming, client, head) => void tunnel(incoming, client, head));
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => void server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://woodshed:${password}@127.0.0.1:${String(port)}`,
    get overflowed() {
      return overflowed;
    },
    refused,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function track(socket: Socket, sockets: Set<Duplex>): void {
  sockets.add(socket);
  socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy());
  socket.once('close', () => sockets.delete(socket));
  // Whoever pipes it hears of its errors too; without a listener an early one would end this process.
  socket.on('error', () => socket.destroy());
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.test(name)));
}

async function respond(from: IncomingMessage, to: ServerResponse, count: Transform): Promise<void> {
  to.writeHead(from.statusCode ?? 502, endToEnd(from.headers));
  await pipeline(from, count, to);
}
