/** What goes back over a connection, and how a fault spoils it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from '../core/faults.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface Spoiling {
  readonly fault: Fault | null;
  /** Our milliseconds until a connection left hanging breaks. */
  readonly hangMs: number;
  readonly rateLimited: () => Reply;
}

const UNAVAILABLE: Reply = {
  status: 503,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><title>Server Error | Slack</title>',
};

/** @returns the status that was sent; null where the connection was broken or left hanging */
export async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  execute: () => Promise<Reply>,
  { fault, hangMs, rateLimited }: Spoiling,
): Promise<number | null> {
  switch (fault) {
    case null:
      return send(response, await execute());
    case 'rate-limited':
    case 'refused-5xx':
      request.resume();
      return send(response, fault === 'rate-limited' ? rateLimited() : UNAVAILABLE);
    case 'done-then-5xx':
      await execute();
      return send(response, UNAVAILABLE);
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

export function send(response: ServerResponse, { status, headers, body }: Reply): number {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  response.end(body);
  return status;
}
