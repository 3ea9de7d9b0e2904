import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Update } from 'grammy/types';
import { z } from 'zod';

/** Updates are small; nobody but Telegram has business here. */
const LARGEST_BODY_BYTES = 1 << 20;
const HEADERS_LIMIT_MS = 10_000;
const REQUEST_LIMIT_MS = 30_000;

/** What every update has; the rest is looked at where it is used. */
const updateSchema = z.looseObject({ update_id: z.number().int().nonnegative() });

export interface WebhookOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Where Telegram was told to send updates. */
  readonly path: string;
  readonly secret: string;
  readonly handle: (update: Update) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Answers 200 once an update is written down; 500 makes Telegram send it again. */
export async function serveWebhook(options: WebhookOptions): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(request, options)
      .catch((error: unknown) => {
        options.onError(error);
        return 500;
      })
      .then((status) => end(response, status));
  });
  server.headersTimeout = HEADERS_LIMIT_MS;
  server.requestTimeout = REQUEST_LIMIT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, stop: async () => await stop(server) };
}

async function answer(request: IncomingMessage, options: WebhookOptions): Promise<number> {
  // A header that comes twice is joined with a comma, and fits no secret.
  const secret = request.headers['x-telegram-bot-api-secret-token'];
  const isTelegram = typeof secret === 'string' && isSame(secret, options.secret);
  if (!isTelegram || request.url !== options.path) return 401;
  if (request.method !== 'POST') return 405;
  const body = await readBody(request);
  if (body === null) return 413;
  let update;
  try {
    update = updateSchema.parse(JSON.parse(body));
  } catch {
    return 400;
  }
  await options.handle(update);
  return 200;
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  // Not destroyed where it is too large: the answer goes out on the same connection.
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > LARGEST_BODY_BYTES) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a as Buffer, b as Buffer);
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, status === 413 ? { connection: 'close' } : {}).end();
}

async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
