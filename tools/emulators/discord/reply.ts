/** What goes back over a connection, and how a fault spoils it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from '../core/faults.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: none. */
  readonly body: string | Uint8Array | null;
}

export interface Spoiling {
  readonly fault: Fault | null;
  /** Our milliseconds until a connection left hanging breaks. */
  readonly hangMs: number;
  readonly retryAfterSeconds: number;
  readonly random: () => number;
}

/** @returns the status that was sent; null where the connection was broken or left hanging */
export async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  execute: () => Promise<Reply>,
  { fault, hangMs, retryAfterSeconds, random }: Spoiling,
): Promise<number | null> {
  switch (fault) {
    case null:
      return send(response, await execute());
    case 'rate-limited':
      return send(response, sharedLimit(retryAfterSeconds));
    case 'refused-5xx':
      return send(response, failure(random()));
    case 'done-then-5xx':
      await execute();
      return send(response, failure(random()));
    case 'done-then-hang': {
      await execute();
      const timer = setTimeout(() => request.socket.destroy(), hangMs);
      timer.unref();
      response.on('close', () => clearTimeout(timer));
      return null;
    }
    case 'done-then-reset':
      await execute();
      request.socket.resetAndDestroy();
      return null;
    case 'reset-before':
      request.socket.resetAndDestroy();
      return null;
  }
}

export function jsonReply(status: number, json: unknown, headers: Reply['headers'] = {}): Reply {
  if (json === null) return { status, headers, body: null };
  return { status, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(json) };
}

/** Where a place is too busy for everybody: that counts against nobody. */
function sharedLimit(seconds: number): Reply {
  return jsonReply(
    429,
    { message: 'The resource is being rate limited.', retry_after: seconds, global: false },
    { 'retry-after': String(Math.ceil(seconds)), 'x-ratelimit-scope': 'shared' },
  );
}

/** Some of them come from the servers in front, which speak HTML. */
function failure(random: number): Reply {
  if (random < 0.5) return jsonReply(500, { message: '500: Internal Server Error', code: 0 });
  const body = '<html><head><title>502 Bad Gateway</title></head></html>';
  return { status: 502, headers: { 'content-type': 'text/html' }, body };
}

export function send(response: ServerResponse, { status, headers, body }: Reply): number {
  if (response.destroyed) return status;
  response.writeHead(
    status,
    body === null ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) },
  );
  response.end(body ?? undefined);
  return status;
}
