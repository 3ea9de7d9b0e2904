/** The gateway's sessions: numbered events, kept for a connection that is to come back, until the session is over. */
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import type { Ids } from './ids.ts';
import type { Wire } from './message.ts';

export interface Connection {
  readonly socket: WebSocket;
  readonly raw: Duplex;
  session: Session | null;
  /** Times of what it sent in the last minute. */
  readonly sentMs: number[];
}

export interface SentEvent {
  readonly s: number;
  readonly t: string;
  readonly d: Wire;
  /** Whether it was written, or never will be. Null once it is known. */
  settle: ((isWritten: boolean) => void) | null;
}

export interface Session {
  readonly id: string;
  readonly intents: number;
  readonly events: SentEvent[];
  seq: number;
  connection: Connection | null;
  forget: (() => void) | null;
}

export interface Sessions {
  start(connection: Connection, intents: number): Session;
  find(id: string): Session | null;
  put(session: Session, type: string, data: Wire): void;
  /** Gives the session to this connection, takes it from an older one, and repeats what came after `seq`. */
  resume(session: Session, connection: Connection, seq: number): void;
  /** The connection is gone: its session waits for another one, or ends with it. */
  leave(connection: Connection, isEnding: boolean): void;
  end(session: Session): void;
  /** See `Gateway.dispatch`. */
  dispatch(type: string, intent: number | null, data: (intents: number) => Wire): Promise<number | null>;
  /** Stops all clocks. */
  rest(): void;
  endAll(): void;
}

const KEPT_EVENTS = 2000;

/**
 * @param resumableMs how long a session waits for its next connection; Discord's milliseconds
 * @param write calls back once the frame is written
 */
export function createSessions(
  clock: EmulatedClock,
  ids: Ids,
  resumableMs: number,
  write: (connection: Connection, event: SentEvent, written: () => void) => void,
): Sessions {
  const all = new Map<string, Session>();

  function put(session: Session, t: string, d: Wire, settle: SentEvent['settle'] = null): void {
    session.seq += 1;
    const event: SentEvent = { s: session.seq, t, d, settle };
    session.events.push(event);
    if (session.events.length > KEPT_EVENTS) {
      const oldest = session.events.shift();
      if (oldest !== undefined) tellOf(oldest, false);
    }
    tell(session, event);
  }

  function tell({ connection }: Session, event: SentEvent): void {
    if (connection !== null) write(connection, event, () => tellOf(event, true));
  }

  function tellOf(event: SentEvent, isWritten: boolean): void {
    event.settle?.(isWritten);
    event.settle = null;
  }

  const sessions: Sessions = {
    start(connection, intents) {
      const id = ids.secret(32).toLowerCase();
      const session: Session = { id, intents, events: [], seq: 0, connection, forget: null };
      all.set(id, session);
      connection.session = session;
      return session;
    },
    find: (id) => all.get(id) ?? null,
    put,
    resume(session, connection, seq) {
      session.forget?.();
      session.forget = null;
      // An older connection of the session is of no use any more.
      if (session.connection !== null && session.connection !== connection) {
        session.connection.session = null;
        session.connection.raw.destroy();
      }
      session.connection = connection;
      connection.session = session;
      for (const event of session.events) if (event.s > seq) tell(session, event);
      put(session, 'RESUMED', { _trace: [] });
    },
    leave(connection, isEnding) {
      const { session } = connection;
      if (session?.connection !== connection) return;
      session.connection = null;
      if (isEnding) sessions.end(session);
      else session.forget = clock.after(resumableMs, () => sessions.end(session));
    },
    end(session) {
      all.delete(session.id);
      session.forget?.();
      for (const event of session.events) tellOf(event, false);
      if (session.connection !== null) session.connection.session = null;
      session.connection = null;
    },
    async dispatch(type, intent, data) {
      const startMs = performance.now();
      const writes = [...all.values()]
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
    rest() {
      for (const session of all.values()) session.forget?.();
    },
    endAll() {
      for (const session of all.values()) sessions.end(session);
    },
  };
  return sessions;
}
