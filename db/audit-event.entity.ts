import { defineEntity, p } from '@mikro-orm/postgresql';
import { Band } from './band.entity.ts';
import { Member } from './member.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** Who did what to accounts, results and shares. Rows are written once; no token, address or file name stands in them. */
export const AuditEvent = defineEntity({
  name: 'AuditEvent',
  tableName: 'audit_event',
  triggers: [touchOnUpdate('audit_event_touch')],
  indexes: [{ name: 'audit_event_created_at_index', properties: ['createdAt'] }],
  properties: {
    ...rowProperties,
    /** Such as `identity.linked`. */
    kind: p.text(),
    member: () => p.manyToOne(Member).nullable().deleteRule('set null').index(),
    band: () => p.manyToOne(Band).nullable().deleteRule('set null').index(),
    facts: p.json<Readonly<Record<string, string | number | boolean | null>>>().defaultRaw("'{}'"),
  },
});
