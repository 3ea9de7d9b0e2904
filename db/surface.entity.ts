import { defineEntity, p } from '@mikro-orm/postgresql';
import { PLATFORMS } from '../workflows/contract/request.ts';
import { Band } from './band.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** One place in a chat where Woodshed posts. All threads of a chat belong to one band. */
export const Surface = defineEntity({
  name: 'Surface',
  tableName: 'surface',
  triggers: [touchOnUpdate('surface_touch')],
  uniques: [
    { name: 'surface_place_unique', properties: ['platform', 'botId', 'chatId', 'threadId'] },
    { name: 'surface_home_unique', properties: ['platform', 'botId', 'chatId'], where: 'is_home' },
  ],
  properties: {
    ...rowProperties,
    band: () => p.manyToOne(Band).deleteRule('cascade').index(),
    platform: p.enum(PLATFORMS),
    botId: p.text(),
    chatId: p.text(),
    /** Empty outside a thread: null would not count as equal in the unique index. */
    threadId: p.text().default(''),
    /** Where cards of the band's other chats are mirrored: one place of a chat, where it first spoke to us or joined the band. */
    isHome: p.boolean().default(false),
    /** Found out by a refusal; null where nothing was. */
    fileLimitBytes: p.double().$type<number>().strictNullable(),
  },
});
