/** The gateway: sessions over WebSockets, numbered events, and what goes wrong with them. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { WebSocket, WebSocketServer } from 'ws';
import { isRecord } from '../core/described.ts';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import { INTENTS, KNOWN_INTENTS } from './intents.ts';
import type { Ids } from './ids.ts';
import type { Wire } from './message.ts';

export interface Gateway {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Tells every session that wants to hear it; one without a connection gets it when it resumes.
   *
   * @param intent null: everybody gets it
   * @param data by what the session asked for
   * @returns milliseconds until the first frame was written; null where no session is there, or its time ran out
   */
  dispatch(type: string, intent: number | null, data: (intents: number) => Wire): Promise<number | null>;
  connections(): number;
  counts: GatewayCounts;
  startsLeft(): number;
  /** Op 7. */
  reconnect(): void;
  /** Op 9; those that cannot be resumed are gone. */
  invalidate(isResumable: boolean): void;
  /** Closes every connection with a code; 4004, 4007 and 4009 end their sessions too. */
  closeAll(code: number): void;
  /** Resets every connection. */
  reset(): void;
  withholdAcks: boolean;
  /** Connections are turned away with a 503. */
  isDown: boolean;
  close(): Promise<void>;
}

export interface GatewayCounts {
  identifies: number;
  resumes: number;
  heartbeats: number;
}

export interface GatewaySettings {
  /** Null: revoked. */
  readonly token: () => string | null;
  readonly hasMessageContent: boolean;
  readonly heartbeatMs: number;
  readonly resumableMs: number;
  readonly sessionStarts: number;
  readonly origin: () => string;
  /** What READY says beside the session, and the servers that follow it. */
  readonly greet: () => { readonly ready: Wire; readonly guilds: readonly Wire[] };
}

interface SentEvent {
  readonly s: number;
  readonly t: string;
  readonly d: Wire;
  /** Whether it was written, or never will be. Null once it is known. */
  settle: ((isWritten: boolean) => void) | null;
}

interface Session {
  readonly id: string;
  readonly intents: number;
  readonly events: SentEvent[];
  seq: number;
  connection: Connection | null;
  forget: (() => void) | null;
}

interface Connection {
  readonly socket: WebSocket;
  readonly raw: Duplex;
  session: Session | null;
  /** Times of what it sent in the last minute. */
  readonly sentMs: number[];
}

const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voice: 4,
  resume: 6,
  reconnect: 7,
  members: 8,
  invalid: 9,
  hello: 10,
  ack: 11,
} as const;
/** A session whose connection ends so is over. */
const ENDING = new Set([1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014]);
const SENDS_PER_MINUTE = 120;
const KEPT_EVENTS = 2000;
const DAY_MS = 86_400_000;
const GOODBYE_MS = 1000;

export function createGateway(clock: EmulatedClock, ids: Ids, settings: GatewaySettings): Gateway {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const connections = new Set<Connection>();
  const counts: GatewayCounts = { identifies: 0, resumes: 0, heartbeats: 0 };
  let starts: number[] = [];

  function send({ socket }: Connection, message: Wire, written?: () => void): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ t: null, s: null, ...message }), (error) => {
      if (error == null) written?.();
    });
  }

  function put(session: Session, t: string, d: Wire, settle: SentEvent['settle'] = null): void {
    session.seq += 1;
    const event: SentEvent = { s: session.seq, t, d, settle };
    session.events.push(event);
    if (session.events.length > KEPT_EVENTS) {
      const oldest = session.events.shift();
      if (oldest !== undefined) tellOf(oldest, false);
    }
    write(session, event);
  }

  function write({ connection }: Session, event: SentEvent): void {
    if (connection === null) return;
    const { s, t, d } = event;
    send(connection, { op: OP.dispatch, s, t, d }, () => tellOf(event, true));
  }

  function tellOf(event: SentEvent, isWritten: boolean): void {
    event.settle?.(isWritten);
    event.settle = null;
  }

  function end(session: Session): void {
    sessions.delete(session.id);
    session.forget?.();
    for (const event of session.events) tellOf(event, false);
    if (session.connection !== null) session.connection.session = null;
    session.connection = null;
  }

  function leave(connection: Connection, code: number): void {
    connections.delete(connection);
    const { session } = connection;
    if (session?.connection !== connection) return;
    session.connection = null;
    if (ENDING.has(code)) end(session);
    else session.forget = clock.after(settings.resumableMs, () => end(session));
  }

  function startsLeft(): number {
    starts = starts.filter((atMs) => atMs > clock.nowMs() - DAY_MS);
    return settings.sessionStarts - starts.length;
  }

  function identify(connection: Connection, given: Record<string, unknown>): void {
    const { token, intents, shard } = given;
    if (connection.session !== null) return connection.socket.close(4005, 'Already authenticated.');
    if (token !== settings.token()) return connection.socket.close(4004, 'Authentication failed.');
    if (typeof intents !== 'number' || (intents & ~KNOWN_INTENTS) !== 0) {
      return connection.socket.close(4013, 'Invalid intents.');
    }
    const privileged =
      INTENTS.guildMembers | INTENTS.guildPresences | (settings.hasMessageContent ? 0 : INTENTS.messageContent);
    if ((intents & privileged) !== 0) return connection.socket.close(4014, 'Disallowed intents.');
    if (startsLeft() <= 0) return connection.socket.close(4004, 'Authentication failed.');
    counts.identifies += 1;
    starts.push(clock.nowMs());
    const session: Session = {
      id: ids.secret(32).toLowerCase(),
      intents,
      events: [],
      seq: 0,
      connection,
      forget: null,
    };
    sessions.set(session.id, session);
    connection.session = session;
    const { ready, guilds } = settings.greet();
    put(session, 'READY', {
      v: 10,
      ...ready,
      session_id: session.id,
      session_type: 'normal',
      resume_gateway_url: socketUrl(),
      ...(Array.isArray(shard) && { shard }),
    });
    if ((intents & INTENTS.guilds) !== 0) for (const guild of guilds) put(session, 'GUILD_CREATE', guild);
  }

  function resume(connection: Connection, given: Record<string, unknown>): void {
    const { token, session_id: id, seq } = given;
    if (token !== settings.token()) return connection.socket.close(4004, 'Authentication failed.');
    const session = typeof id === 'string' ? sessions.get(id) : undefined;
    const first = session?.events[0]?.s ?? 1;
    if (session === undefined || typeof seq !== 'number' || seq < first - 1) {
      if (session !== undefined) end(session);
      return send(connection, { op: OP.invalid, d: false });
    }
    if (seq > session.seq) return connection.socket.close(4007, 'Invalid seq.');
    counts.resumes += 1;
    session.forget?.();
    session.forget = null;
    // An older connection of the session is of no use any more.
    if (session.connection !== null && session.connection !== connection) {
      session.connection.session = null;
      session.connection.raw.destroy();
    }
    session.connection = connection;
    connection.session = session;
    for (const event of session.events) if (event.s > seq) write(session, event);
    put(session, 'RESUMED', { _trace: [] });
  }

  function take(connection: Connection, text: string): void {
    const now = Date.now();
    while ((connection.sentMs[0] ?? now) < now - 60_000) connection.sentMs.shift();
    connection.sentMs.push(now);
    if (connection.sentMs.length > SENDS_PER_MINUTE)
      return connection.socket.close(4008, 'You are being rate limited.');
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return connection.socket.close(4002, 'Error while decoding payload.');
    }
    const { op, d } = isRecord(message) ? message : {};
    switch (op) {
      case OP.heartbeat:
        counts.heartbeats += 1;
        if (typeof d === 'number' && connection.session !== null && d > connection.session.seq) {
          return connection.socket.close(4007, 'Invalid seq.');
        }
        if (!gateway.withholdAcks) send(connection, { op: OP.ack });
        return undefined;
      case OP.identify:
        return identify(connection, isRecord(d) ? d : {});
      case OP.resume:
        return resume(connection, isRecord(d) ? d : {});
      case OP.presence:
      case OP.voice:
      case OP.members:
        if (connection.session === null) connection.socket.close(4003, 'Not authenticated.');
        return undefined;
      default:
        return connection.socket.close(4001, 'Unknown opcode.');
    }
  }

  function welcome(socket: WebSocket, raw: Duplex, query: URLSearchParams): void {
    const connection: Connection = { socket, raw, session: null, sentMs: [] };
    connections.add(connection);
    socket.on('message', (data: Buffer) => take(connection, data.toString()));
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => leave(connection, code));
    if (query.get('v') !== '10' || query.get('encoding') !== 'json') socket.close(4012, 'Invalid API version.');
    else send(connection, { op: OP.hello, d: { heartbeat_interval: settings.heartbeatMs, _trace: [] } });
  }

  const socketUrl = (): string => settings.origin().replace('http:', 'ws:');

  const gateway: Gateway = {
    counts,
    withholdAcks: false,
    isDown: false,
    connections: () => connections.size,
    startsLeft,
    upgrade(request, socket, head) {
      if (gateway.isDown) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      const { searchParams } = new URL(request.url ?? '/', 'http://x');
      server.handleUpgrade(request, socket, head, (opened) => welcome(opened, socket, searchParams));
    },
    async dispatch(type, intent, data) {
      const startMs = performance.now();
      const writes = [...sessions.values()]
        .filter(({ intents }) => intent === null || (intents & intent) !== 0)
        .map(
          async (session) =>
            await new Promise<number>((resolve, reject) => {
              put(session, type, data(session.intents), (isWritten) => {
                if (isWritten) resolve(performance.now() - startMs);
                else reject(new Error('the session ended'));
              });
            }),
        );
      return await Promise.any(writes).catch(() => null);
    },
    reconnect() {
      for (const connection of connections) send(connection, { op: OP.reconnect, d: null });
    },
    invalidate(isResumable) {
      for (const connection of connections) {
        if (!isResumable && connection.session !== null) end(connection.session);
        send(connection, { op: OP.invalid, d: isResumable });
      }
    },
    closeAll(code) {
      for (const { socket } of connections) socket.close(code);
    },
    reset() {
      for (const { raw } of connections) if (raw instanceof Socket) raw.resetAndDestroy();
    },
    async close() {
      for (const session of sessions.values()) session.forget?.();
      await Promise.all([...connections].map(takeLeave));
      for (const session of sessions.values()) end(session);
      server.close();
    },
  };
  return gateway;
}

async function takeLeave({ socket }: Connection): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(1001);
  });
}
