/** Socket Mode: WebSockets that the bot opens, over which it gets envelopes and acknowledges them. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { isRecord } from '../core/described.ts';
import type { Attempt, EnvelopeKind, Transport } from './attempt.ts';

export interface SocketMode extends Transport {
  /** For `apps.connections.open`: good once. */
  openTicket(): string;
  /** Takes over a WebSocket's request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  connections(): number;
  /** Tells every connection to go: `warning` ten seconds ahead, `refresh_requested` now, `link_disabled` for good. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  /** Breaks every connection without a word. */
  drop(): void;
  /** Takes leave of every connection, and does not wait long for an answer. */
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 10;
const PING_MS = 10_000;
const GOODBYE_MS = 1000;

interface Waiting {
  readonly socket: WebSocket;
  readonly settle: (attempt: Attempt) => void;
}

/** @param acknowledgeMs how long an envelope waits for its acknowledgement */
export function createSocketMode(appId: string, acknowledgeMs: number): SocketMode {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open: WebSocket[] = [];
  const waiting = new Map<string, Waiting>();
  const lastTried = new WeakMap<object, WebSocket>();
  let isDisabled = false;
  let turn = 0;

  const pinging = setInterval(() => {
    for (const socket of open) socket.ping();
  }, PING_MS);
  pinging.unref();

  function welcome(socket: WebSocket): void {
    if (isDisabled || open.length >= MOST_CONNECTIONS) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: isDisabled ? 'link_disabled' : 'too_many_websockets' }));
      socket.close();
      return;
    }
    open.push(socket);
    socket.on('message', (data: Buffer) => acknowledge(socket, data.toString()));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => leave(socket));
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: open.length,
        debug_info: { host: 'applink-emulated', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: appId },
      }),
    );
  }

  /** Its envelopes go elsewhere. */
  function leave(socket: WebSocket): void {
    const index = open.indexOf(socket);
    if (index >= 0) open.splice(index, 1);
    for (const entry of waiting.values()) {
      if (entry.socket === socket) entry.settle({ kind: 'failed', reason: 'connection_failed', mayRetry: true });
    }
  }

  function acknowledge(socket: WebSocket, text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      // Slack drops what it cannot read, and the envelope runs out of time.
      return;
    }
    const id = isRecord(message) ? message['envelope_id'] : undefined;
    const entry = typeof id === 'string' ? waiting.get(id) : undefined;
    if (entry?.socket !== socket || !isRecord(message)) return;
    const { payload } = message;
    entry.settle({
      kind: 'acknowledged',
      answer: isRecord(payload) && Object.keys(payload).length > 0 ? payload : null,
    });
  }

  return {
    openTicket() {
      const ticket = randomUUID();
      tickets.add(ticket);
      return ticket;
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://x').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) {
        socket.end('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, welcome);
    },
    connections: () => open.length,
    disconnect(reason) {
      isDisabled ||= reason === 'link_disabled';
      for (const socket of open.slice()) {
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-emulated' } }));
      }
    },
    drop() {
      for (const socket of open.slice()) socket.terminate();
    },
    async send(kind: EnvelopeKind, payload, retry) {
      const ready = open.filter((one) => one.readyState === WebSocket.OPEN);
      // A repetition goes to another connection where there is one; the rest takes turns.
      const others = ready.filter((one) => one !== lastTried.get(payload));
      const candidates = others.length > 0 ? others : ready;
      turn += 1;
      const socket = candidates[turn % Math.max(1, candidates.length)];
      if (socket === undefined) return { kind: 'failed', reason: 'connection_failed', mayRetry: true };
      lastTried.set(payload, socket);
      const envelopeId = randomUUID();
      return await new Promise<Attempt>((resolve) => {
        const timer = setTimeout(() => settle({ kind: 'failed', reason: 'timeout', mayRetry: true }), acknowledgeMs);
        const settle = (attempt: Attempt): void => {
          clearTimeout(timer);
          waiting.delete(envelopeId);
          resolve(attempt);
        };
        waiting.set(envelopeId, { socket, settle });
        socket.send(
          JSON.stringify({
            envelope_id: envelopeId,
            type: kind,
            payload,
            accepts_response_payload: kind !== 'events_api',
            ...(kind === 'events_api' && { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' }),
          }),
        );
      });
    },
    async close() {
      clearInterval(pinging);
      for (const { settle } of waiting.values()) settle({ kind: 'failed', reason: 'closed', mayRetry: false });
      // A client that is cut off in the middle of its own goodbye waits half a minute for the rest of it.
      await Promise.all(open.slice().map(leaveTaking));
      server.close();
    },
  };
}

async function leaveTaking(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(1001);
  });
}
