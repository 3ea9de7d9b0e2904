import { defineEntity, p } from '@mikro-orm/postgresql';
import { PLATFORMS } from '../workflows/contract/request.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** One of several chat events that belong together, kept until all of them are there, and then for as long as it may be delivered again. */
export const HeldEvent = defineEntity({
  name: 'HeldEvent',
  tableName: 'held_event',
  triggers: [touchOnUpdate('held_event_touch')],
  uniques: [{ name: 'held_event_key_unique', properties: ['platform', 'botId', 'eventKey'] }],
  indexes: [{ name: 'held_event_group_index', properties: ['platform', 'botId', 'groupKey'] }],
  properties: {
    ...rowProperties,
    platform: p.enum(PLATFORMS),
    botId: p.text(),
    eventKey: p.text(),
    groupKey: p.text(),
    item: p.json<unknown>(),
  },
});
