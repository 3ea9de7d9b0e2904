/** Which of the accepted events are started next. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventIdentity } from '../workflows/contract/ids.ts';
import type { InboundPayload } from '../workflows/contract/inbound.ts';
import type { Requester } from '../workflows/contract/request.ts';
import { InboundEvent } from './inbound-event.entity.ts';

export interface NewInboundEvent extends EventIdentity {
  readonly payload: InboundPayload;
}

/** An event to start. The same one may come again: starting it must be idempotent. */
export interface AcceptedEvent extends NewInboundEvent {
  readonly id: string;
  /** Tries before this one. */
  readonly attempts: number;
}

/**
 * An event counts for so long at least, even where the chat is faster, times the people who have work under way: they share what is begun
 * as they share the turns, so that cards of songs that only wait do not hold up work.
 */
const OPENING_SECONDS = 3;
/** A card that nobody could post in this time holds up no other. */
const LONGEST_POSTING_SECONDS = 60;

/** SQL over `event`: how many jobs come of an event of songs. */
export const JOBS_OF_EVENT = `case event.kind when 'jobs' then jsonb_array_length(event.payload -> 'requests') else 1 end`;

/** Who is to wait their turn; null for what is no song. */
export function askerOf(payload: InboundPayload): string | null {
  const keyOf = ({ platform, userId }: Requester): string => `${platform}:${userId}`;
  switch (payload.kind) {
    case 'job':
      return keyOf(payload.request.requester);
    case 'jobs':
      return payload.requests[0] === undefined ? null : keyOf(payload.requests[0].requester);
    case 'cancel':
    case 'album':
      return null;
  }
}

/** Everybody's first before anybody's second, and of anybody no more than a few within seconds: who sends three hundred songs holds up nobody. */
export async function claimEvents(em: EntityManager, limit: number, openingPerAsker: number): Promise<AcceptedEvent[]> {
  const rows = await em.execute<{ id: string }[]>(
    `with busy as (select greatest(1, count(distinct requester_id)) as people from job where turn = 'now'), opening as (
       select asker, count(*) as events from inbound_event event, busy
       where asker is not null and started_at > now() - make_interval(secs => ?)
         and (started_at > now() - make_interval(secs => ? * busy.people) or ${JOBS_OF_EVENT} > (
         select count(*) from job where inbound_event_id = event.id and (state not in ('queued', 'running') or exists (
           select from delivery where delivery.job_id = job.id and delivery.surface_id = job.surface_id
             and slot = 'card' and delivery.state in ('sent', 'gone')))))
       group by asker)
     select id from inbound_event where state = 'accepted' and id in (
       select id from (
         select event.id, next_try_at, created_at, coalesce(opening.events, 0) as opening, row_number() over (
           partition by coalesce(asker, event.id::text) order by next_try_at, created_at) as turn
         from inbound_event event left join opening using (asker)
         where state = 'accepted' and next_try_at <= now()) as waiting
       where turn + opening <= ? order by turn, next_try_at, created_at limit ?)
     for update skip locked`,
    [LONGEST_POSTING_SECONDS, OPENING_SECONDS, openingPerAsker, limit],
  );
  const events = await em.find(InboundEvent, { id: rows.map(({ id }) => id) }, { orderBy: { createdAt: 'asc' } });
  return events.map(({ id, platform, botId, eventKey, payload, attempts }) => ({
    id,
    platform,
    botId,
    eventKey,
    payload,
    attempts,
  }));
}
