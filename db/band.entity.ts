import { defineEntity, p } from '@mikro-orm/postgresql';
import { rowProperties, touchOnUpdate } from './row.ts';

/** The tenant: its members and chats share one library. */
export const Band = defineEntity({
  name: 'Band',
  tableName: 'band',
  triggers: [touchOnUpdate('band_touch')],
  checks: [{ name: 'band_retention_days_check', expression: 'retention_days > 0' }],
  properties: {
    ...rowProperties,
    name: p.text(),
    /** How long recordings and results are kept after their last use; null keeps them. */
    retentionDays: p.integer().strictNullable().default(90),
  },
});
