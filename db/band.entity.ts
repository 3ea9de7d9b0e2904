import { defineEntity, p } from '@mikro-orm/postgresql';
import { LANGUAGES } from '../workflows/contract/job-view.ts';
import { QUALITIES, STEM_FORMATS } from '../workflows/contract/request.ts';
import type { TabPreferences } from '../workflows/contract/tab.ts';
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
    /** What the band has chosen; null leaves it to the operator. */
    strategy: p.text().strictNullable(),
    quality: p.enum(QUALITIES).strictNullable(),
    format: p.enum(STEM_FORMATS).strictNullable(),
    language: p.enum(LANGUAGES).strictNullable(),
    /** What its members play on who never said; null where nobody chose. */
    tabPreferences: p.json<Partial<TabPreferences>>().strictNullable(),
    /** Its members vouch for whoever joined by its code alone. */
    inviteOnly: p.boolean().default(false),
  },
});
