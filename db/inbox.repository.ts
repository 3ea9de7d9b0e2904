import { InboundEvent } from './inbound-event.entity.ts';
import { HeldEvent } from './held-event.entity.ts';
import type { InboundPayload } from '../workflows/contract/inbound.ts';
import type { EventIdentity } from '../workflows/contract/ids.ts';
import type { Platform } from '../workflows/contract/request.ts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { JOBS_OF_EVENT, askerOf, claimEvents } from './claim-events.ts';
import type { AcceptedEvent, NewInboundEvent } from './claim-events.ts';
import { INBOUND_CHANNEL, notify } from './notify.ts';
import type { Database } from './orm.ts';
import { SETTLED, createOnce, forgetSettled } from './settled-events.ts';
import type { Once } from './settled-events.ts';

export type { AcceptedEvent, NewInboundEvent } from './claim-events.ts';

export interface HeldItem extends EventIdentity {
  readonly groupKey: string;
  /** JSON. */
  readonly item: unknown;
}

export interface RelayFailure {
  readonly eventId: string;
  readonly attempts: number;
  readonly error: unknown;
}

export interface Inbox {
  /** Writes the event down; once this resolves it may be acknowledged. A redelivery returns the first one's id. */
  accept(event: NewInboundEvent): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /**
   * Hands waiting events to `start`, at most `limit` of them at once, and marks those that it resolved for. One that rejects
   * waits longer each time (1 s to 60 s) and holds up no other. Safe in several processes at once.
   */
  relay(
    start: (event: AcceptedEvent) => Promise<void>,
    limit: number,
  ): Promise<{ readonly started: number; readonly failures: readonly RelayFailure[] }>;
  /** Keeps one of several events that belong together until {@link settle}; a redelivery changes nothing. */
  hold(event: HeldItem): Promise<{ readonly isNew: boolean }>;
  /**
   * Turns all that is held under the key into one accepted event, or into none, once nothing was added for `quietMs`. What comes later is
   * an event of its own, decided upon together with what was `settled` before; what is only delivered again is none. Safe in several
   * processes at once. Null where it is not quiet yet, or nothing is held.
   */
  settle(
    group: { readonly platform: Platform; readonly botId: string; readonly groupKey: string; readonly quietMs: number },
    decide: (items: readonly unknown[], settled: readonly unknown[]) => InboundPayload | null,
  ): Promise<{ readonly id: string } | null>;
  /** Groups that are still held: what a process that died left. */
  heldGroups(platform: Platform, botId: string): Promise<readonly string[]>;
  /** Does what an event asks for and notes it, so that one that is delivered again does nothing: null. Rejected work may be done again. */
  readonly once: Once;
  /** Events that are accepted and not started yet. */
  countWaiting(): Promise<number>;
  /** Events that were started within the last minutes and do not have all of their jobs yet: a workflow's first step makes a job's row. */
  countOpening(): Promise<number>;
}

const LONGEST_WAIT_SECONDS = 60;
/** A start that came to no job in this time comes to none. */
const LONGEST_OPENING_MINUTES = 10;

export interface InboxOptions {
  /** Events of one person that were started within three seconds, or whose songs do not all have a card yet; any number by default. */
  readonly openingPerAsker: number;
}

export function createInbox(
  database: Database,
  { openingPerAsker }: InboxOptions = { openingPerAsker: Number.MAX_SAFE_INTEGER },
): Inbox {
  return {
    async accept(event) {
      return await database.transaction(async (em) => await insertEvent(em, event));
    },

    async hold({ platform, botId, eventKey, groupKey, item }) {
      return await database.use(async (em) => {
        const held = await em.execute<unknown[]>(
          `insert into held_event (platform, bot_id, event_key, group_key, item) values (?, ?, ?, ?, ?)
           on conflict (platform, bot_id, event_key) do nothing returning id`,
          [platform, botId, eventKey, groupKey, JSON.stringify(item)],
        );
        return { isNew: held.length > 0 };
      });
    },

    async settle({ platform, botId, groupKey, quietMs }, decide) {
      return await database.transaction(async (em) => {
        // Locked, so that of two processes one settles, and what comes meanwhile waits for its own turn.
        const rows = await em.execute<{ id: string; eventKey: string; item: unknown; quiet: boolean }[]>(
          `select id, event_key as "eventKey", item, created_at < now() - make_interval(secs => ?) as quiet
           from held_event where platform = ? and bot_id = ? and group_key = ? order by created_at, event_key for update`,
          [quietMs / 1000, platform, botId, groupKey],
        );
        const [first] = rows;
        if (first === undefined || rows.some(({ quiet }) => !quiet)) return null;
        const settled = await em.execute<{ item: unknown }[]>(
          `select item from held_event where platform = ? and bot_id = ? and group_key = ? order by created_at, event_key`,
          [platform, botId, SETTLED + groupKey],
        );
        // They stay as what was done with, so that one that is delivered again is known.
        await em.nativeUpdate(HeldEvent, { id: rows.map(({ id }) => id) }, { groupKey: SETTLED + groupKey });
        await forgetSettled(em, { platform, botId });
        const items = rows.map(({ item }) => item);
        const payload = decide(
          items,
          settled.map(({ item }) => item),
        );
        if (payload === null) return null;
        const eventKey = settled.length === 0 ? groupKey : `${groupKey}-${first.eventKey}`;
        const { id } = await insertEvent(em, { platform, botId, eventKey, payload });
        return { id };
      });
    },

    async heldGroups(platform, botId) {
      return await database.use(async (em) => {
        const rows = await em.execute<{ groupKey: string }[]>(
          'select distinct group_key as "groupKey" from held_event where platform = ? and bot_id = ? and not starts_with(group_key, ?)',
          [platform, botId, SETTLED],
        );
        return rows.map(({ groupKey }) => groupKey);
      });
    },

    once: createOnce(database),

    async relay(start, limit) {
      // The rows stay locked while they are started: a process that dies in between only makes the start happen again.
      return await database.transaction(async (em) => {
        const events = await claimEvents(em, limit, openingPerAsker);
        const failures: RelayFailure[] = [];
        await Promise.all(
          events.map(async (event) => {
            try {
              await start(event);
            } catch (error) {
              failures.push({ eventId: event.id, attempts: event.attempts + 1, error });
            }
          }),
        );
        const failed = new Set(failures.map(({ eventId }) => eventId));
        await markStarted(
          em,
          events.filter(({ id }) => !failed.has(id)),
        );
        await putBack(em, failures);
        return { started: events.length - failures.length, failures };
      });
    },

    async countWaiting() {
      return await database.use(async (em) => await em.count(InboundEvent, { state: 'accepted' }));
    },

    async countOpening() {
      return await database.use(async (em) => {
        const [row] = await em.execute<{ opening: number }[]>(
          `select count(*)::int as opening from inbound_event as event
           where state = 'started' and kind in ('job', 'jobs') and started_at > now() - make_interval(mins => ?)
             and (select count(*) from job where inbound_event_id = event.id) < ${JOBS_OF_EVENT}`,
          [LONGEST_OPENING_MINUTES],
        );
        return row?.opening ?? 0;
      });
    },
  };
}

/** Inside the caller's transaction. */
export async function insertEvent(
  em: EntityManager,
  { platform, botId, eventKey, payload }: NewInboundEvent,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const inserted = await em.execute<{ id: string }[]>(
    `insert into inbound_event (platform, bot_id, event_key, kind, asker, payload) values (?, ?, ?, ?, ?, ?)
     on conflict (platform, bot_id, event_key) do nothing returning id`,
    [platform, botId, eventKey, payload.kind, askerOf(payload), JSON.stringify(payload)],
  );
  if (inserted[0] !== undefined) {
    await notify(em, INBOUND_CHANNEL);
    return { id: inserted[0].id, isNew: true };
  }
  const { id } = await em.findOneOrFail(InboundEvent, { platform, botId, eventKey });
  return { id, isNew: false };
}

async function markStarted(em: EntityManager, events: readonly AcceptedEvent[]): Promise<void> {
  await em.nativeUpdate(InboundEvent, { id: events.map(({ id }) => id) }, { state: 'started', startedAt: new Date() });
}

async function putBack(em: EntityManager, failures: readonly RelayFailure[]): Promise<void> {
  for (const { eventId, attempts } of failures) {
    const waitSeconds = Math.min(LONGEST_WAIT_SECONDS, 2 ** (attempts - 1));
    await em.execute(
      `update inbound_event set attempts = ?, next_try_at = clock_timestamp() + make_interval(secs => ?) where id = ?`,
      [attempts, waitSeconds, eventId],
    );
  }
}
