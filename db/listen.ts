import { Client } from 'pg';
import { INBOUND_CHANNEL, JOB_CHANNEL } from './notify.ts';

export interface ListenerOptions {
  /** Told of every lost connection; the listener comes back by itself. */
  readonly onError?: (error: unknown) => void;
}

export interface Watch {
  stop(): Promise<void>;
}

/**
 * Hears what transactions announce. Announcements made while the connection was down are lost, so every handler is also called
 * with `null` after a reconnect: "look for yourself".
 */
export interface Listener {
  /** Resolves once the channel is listened to. */
  watch(channel: string, handler: (payload: string | null) => void): Promise<Watch>;
  /** Called with the id of each job whose row changed. After a reconnect `onGap` is called once instead. */
  watchJobs(onChange: (jobId: string) => void, onGap?: () => void): Promise<Watch>;
  /** Called when there may be events to relay. */
  watchInbound(onEvent: () => void): Promise<Watch>;
  close(): Promise<void>;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
/** A connection whose other end vanished without a word is found out within this time and the query's. */
const PROBE_MS = 20_000;
const PROBE_TIMEOUT_MS = 5000;

type Handler = (payload: string | null) => void;

/** One connection of its own for all channels; the pool's come and go. Connects before it resolves. */
export async function openListener(url: string, { onError }: ListenerOptions = {}): Promise<Listener> {
  const handlers = new Map<string, Set<Handler>>();
  let client: Client;
  let closed = false;
  let probe: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;

  async function connect(): Promise<Client> {
    const fresh = new Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      query_timeout: PROBE_TIMEOUT_MS,
      application_name: 'woodshed-listen',
    });
    fresh.on('notification', ({ channel, payload }) => {
      for (const handler of handlers.get(channel) ?? []) handler(payload ?? '');
    });
    fresh.on('error', (error) => {
      lose(fresh, error);
    });
    fresh.on('end', () => {
      lose(fresh, new Error('the database closed the listening connection'));
    });
    try {
      await fresh.connect();
    } catch (error) {
      await fresh.end().catch(() => {});
      throw error;
    }
    return fresh;
  }

  function lose(lost: Client, error: unknown): void {
    // Both events may come, and both for a connection that never was the current one.
    if (closed || lost !== client || retry !== undefined) return;
    onError?.(error);
    void lost.end().catch(() => {});
    comeBack(FIRST_WAIT_MS);
  }

  function comeBack(waitMs: number): void {
    retry = setTimeout(() => {
      void reconnect(waitMs);
    }, waitMs);
  }

  async function reconnect(waitMs: number): Promise<void> {
    let fresh: Client;
    try {
      fresh = await connect();
      const listened = new Set<string>();
      // Channels may join while this waits; after the last look nothing waits any more.
      for (let next = first(handlers, listened); next !== undefined; next = first(handlers, listened)) {
        await listenTo(fresh, next);
        listened.add(next);
      }
    } catch (error) {
      if (closed) return;
      onError?.(error);
      comeBack(Math.min(LONGEST_WAIT_MS, waitMs * 2));
      return;
    }
    retry = undefined;
    if (closed) {
      await fresh.end();
      return;
    }
    client = fresh;
    for (const each of handlers.values()) for (const handler of each) handler(null);
  }

  client = await connect();
  probe = setInterval(() => {
    const probed = client;
    if (retry === undefined) {
      probed.query('select 1').catch((error: unknown) => {
        lose(probed, error);
      });
    }
  }, PROBE_MS);

  async function watch(channel: string, handler: Handler): Promise<Watch> {
    const known = handlers.get(channel);
    const each = known ?? new Set<Handler>();
    handlers.set(channel, each.add(handler));
    // While it is away, coming back listens to every channel.
    if (known === undefined && retry === undefined) await listenTo(client, channel);
    return {
      async stop() {
        each.delete(handler);
        await Promise.resolve();
      },
    };
  }

  return {
    watch,
    async watchJobs(onChange, onGap) {
      return await watch(JOB_CHANNEL, (jobId) => {
        if (jobId === null) onGap?.();
        else onChange(jobId);
      });
    },
    async watchInbound(onEvent) {
      return await watch(INBOUND_CHANNEL, () => {
        onEvent();
      });
    },
    async close() {
      closed = true;
      clearInterval(probe);
      clearTimeout(retry);
      await client.end().catch(() => {});
    },
  };
}

function first(handlers: ReadonlyMap<string, unknown>, except: ReadonlySet<string>): string | undefined {
  return handlers.keys().find((channel) => !except.has(channel));
}

async function listenTo(client: Client, channel: string): Promise<void> {
  await client.query(`listen ${client.escapeIdentifier(channel)}`);
}
