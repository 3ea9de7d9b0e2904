import { defineEntity, p } from '@mikro-orm/postgresql';
import { Band } from './band.entity.ts';
import type { TabPreferences } from '../workflows/contract/tab.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** A musician; may play in several bands and speak from several platforms. */
export const Member = defineEntity({
  name: 'Member',
  tableName: 'member',
  triggers: [touchOnUpdate('member_touch')],
  properties: {
    ...rowProperties,
    displayName: p.text(),
    /** What they usually play on; null where they never said. */
    tabPreferences: p.json<Partial<TabPreferences>>().strictNullable(),
  },
});

export const Membership = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  triggers: [touchOnUpdate('membership_touch')],
  uniques: [{ name: 'membership_band_member_unique', properties: ['band', 'member'] }],
  properties: {
    ...rowProperties,
    band: () => p.manyToOne(Band).deleteRule('cascade'),
    member: () => p.manyToOne(Member).deleteRule('cascade').index(),
    role: p.enum(['owner', 'member'] as const).default('member'),
    /** Joined by a code of the band. */
    byCode: p.boolean().default(false),
  },
});
