import { defineEntity, p } from '@mikro-orm/postgresql';
import type { SentFile } from '../workflows/contract/delivery.ts';
import { PLATFORMS } from '../workflows/contract/request.ts';
import type { ChatAddress } from '../workflows/contract/request.ts';
import type { DeliverySlot } from '../workflows/contract/ids.ts';
import { Job } from './job.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';
import { Surface } from './surface.entity.ts';

export const DELIVERY_STATES = ['planned', 'sending', 'sent', 'ambiguous', 'gone'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One visible thing in a chat. */
export const Delivery = defineEntity({
  name: 'Delivery',
  tableName: 'delivery',
  triggers: [touchOnUpdate('delivery_touch')],
  uniques: [{ name: 'delivery_job_surface_slot_unique', properties: ['job', 'surface', 'slot'] }],
  indexes: [
    { name: 'delivery_unsettled_index', properties: ['firstTryAt'], where: "state in ('sending', 'ambiguous')" },
    { name: 'delivery_unswept_index', properties: ['firstTryAt'], where: 'attempts > 1 and swept_at is null' },
  ],
  checks: [
    { name: 'delivery_sent_check', expression: "state <> 'sent' or message_id is not null" },
    { name: 'delivery_lease_check', expression: "(state = 'sending') = (lease_until is not null)" },
  ],
  properties: {
    ...rowProperties,
    job: () => p.manyToOne(Job).deleteRule('cascade'),
    surface: () => p.manyToOne(Surface).deleteRule('cascade').index(),
    slot: p.text().$type<DeliverySlot>(),
    platform: p.enum(PLATFORMS),
    target: p.json<ChatAddress>(),
    contentSha256: p.text(),
    nonce: p.text(),
    state: p.enum(DELIVERY_STATES).default('planned'),
    attempts: p.integer().default(0),
    leaseUntil: p.datetime(6).strictNullable(),
    messageId: p.text().strictNullable(),
    /** Of the message's files, those that can be shown again without their bytes. */
    sentFiles: p.json<readonly SentFile[]>().defaultRaw("'[]'"),
    firstTryAt: p.datetime(6).strictNullable(),
    /** When what earlier tries may have left in the chat was looked for. */
    sweptAt: p.datetime(6).strictNullable(),
  },
});
