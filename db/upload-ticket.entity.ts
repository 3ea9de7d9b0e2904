import { defineEntity, p } from '@mikro-orm/postgresql';
import { PLATFORMS } from '../workflows/contract/request.ts';
import type { UploadOrder } from '../workflows/contract/upload.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** Leave to hand one song over by the web, given to whoever asked in a chat. Its token is in the link alone; here lies the SHA-256. */
export const UploadTicket = defineEntity({
  name: 'UploadTicket',
  tableName: 'upload_ticket',
  triggers: [touchOnUpdate('upload_ticket_touch')],
  uniques: [{ name: 'upload_ticket_asked_unique', properties: ['platform', 'botId', 'eventKey'] }],
  indexes: [{ name: 'upload_ticket_whole_index', properties: ['createdAt'], where: "state = 'whole'" }],
  checks: [
    { name: 'upload_ticket_token_hash_check', expression: "token_hash ~ '^[0-9a-f]{64}$'" },
    { name: 'upload_ticket_offset_check', expression: 'offset_bytes >= 0 and offset_bytes <= coalesce(size_bytes, 0)' },
  ],
  properties: {
    ...rowProperties,
    tokenHash: p.text().unique('upload_ticket_token_hash_unique'),
    platform: p.enum(PLATFORMS),
    botId: p.text(),
    /** Of the event that asked for it: asked again, it is the same ticket under a new token. */
    eventKey: p.text(),
    order: p.json<UploadOrder>().fieldName('job_order'),
    expiresAt: p.datetime(6),
    /** `open` until all bytes are there, `whole` until they are one blob and a job, then `started`. */
    state: p.enum(['open', 'whole', 'started'] as const).default('open'),
    /** Null until the browser has said what it brings. */
    fileName: p.text().strictNullable(),
    sizeBytes: p.bigint('number').strictNullable(),
    offsetBytes: p.bigint('number').default(0),
  },
});
