import { defineEntity, p } from '@mikro-orm/postgresql';
import { PLATFORMS } from '../workflows/contract/request.ts';
import type { InboundPayload } from '../workflows/contract/inbound.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** The inbound ledger: written before a chat event is acknowledged, relayed to Temporal afterwards. */
export const InboundEvent = defineEntity({
  name: 'InboundEvent',
  tableName: 'inbound_event',
  triggers: [touchOnUpdate('inbound_event_touch')],
  uniques: [{ name: 'inbound_event_key_unique', properties: ['platform', 'botId', 'eventKey'] }],
  indexes: [
    { name: 'inbound_event_waiting_index', properties: ['nextTryAt', 'createdAt'], where: "state = 'accepted'" },
    { name: 'inbound_event_started_at_index', properties: ['startedAt'] },
  ],
  properties: {
    ...rowProperties,
    platform: p.enum(PLATFORMS),
    botId: p.text(),
    eventKey: p.text(),
    kind: p.enum(['job', 'jobs', 'cancel', 'album'] as const),
    /** Whose songs these are; null for what is no song. */
    asker: p.text().strictNullable(),
    payload: p.json<InboundPayload>(),
    state: p.enum(['accepted', 'started'] as const).default('accepted'),
    attempts: p.integer().default(0),
    nextTryAt: p.datetime(6).defaultRaw('now()'),
    startedAt: p.datetime(6).strictNullable(),
  },
});
