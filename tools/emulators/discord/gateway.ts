/** The gateway's protocol over WebSockets, and what goes wrong with its connections. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { isRecord } from '../core/described.ts';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import { createSessions } from './gateway-sessions.ts';
import type { Connection } from './gateway-sessions.ts';
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
  /** Op 9: sessions hear nothing more until they resume; those that cannot be resumed are gone. */
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
const DAY_MS = 86_400_000;
const GOODBYE_MS = 1000;

export function createGateway(clock: EmulatedClock, ids: Ids, settings: GatewaySettings): Gateway {
  const server = new WebSocketServer({ noServer: true });
  const connections = new Set<Connection>();
  const counts: GatewayCounts = { identifies: 0, resumes: 0, heartbeats: 0 };
  let starts: number[] = [];
  const sessions = createSessions(clock, ids, settings.resumableMs, (connection, { s, t, d }, written) =>
    send(connection, { op: OP.dispatch, s, t, d }, written),
  );

  function send({ socket }: Connection, message: Wire, written?: () => void): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ t: null, s: null, ...message }), (error) => {
      if (error == null) written?.();
    });
  }

  function leave(connection: Connection, code: number): void {
    connections.delete(connection);
    sessions.leave(connection, ENDING.has(code));
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
    const session = sessions.start(connection, intents);
    const { ready, guilds } = settings.greet();
    sessions.put(session, 'READY', {
      v: 10,
      ...ready,
      session_id: session.id,
      session_type: 'normal',
      resume_gateway_url: socketUrl(),
      ...(Array.isArray(shard) && { shard }),
    });
    if ((intents & INTENTS.guilds) !== 0) for (const guild of guilds) sessions.put(session, 'GUILD_CREATE', guild);
  }

  function resume(connection: Connection, given: Record<string, unknown>): void {
    const { token, session_id: id, seq } = given;
    if (token !== settings.token()) return connection.socket.close(4004, 'Authentication failed.');
    const session = typeof id === 'string' ? sessions.find(id) : null;
    const first = session?.events[0]?.s ?? 1;
    if (session === null || typeof seq !== 'number' || seq < first - 1) {
      if (session !== null) sessions.end(session);
      return send(connection, { op: OP.invalid, d: false });
    }
    if (seq > session.seq) return connection.socket.close(4007, 'Invalid seq.');
    counts.resumes += 1;
    sessions.resume(session, connection, seq);
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
    dispatch: async (type, intent, data) => await sessions.dispatch(type, intent, data),
    reconnect() {
      for (const connection of connections) send(connection, { op: OP.reconnect, d: null });
    },
    invalidate(isResumable) {
      for (const connection of connections) {
        // Nothing more is told to it until it resumes.
        const { session } = connection;
        sessions.leave(connection, !isResumable);
        if (session !== null) connection.session = null;
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
      sessions.rest();
      await Promise.all([...connections].map(takeLeave));
      sessions.endAll();
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
