import { defineEntity, p } from '@mikro-orm/postgresql';
import { PLATFORMS } from '../workflows/contract/request.ts';
import { Member } from './member.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** A member as one platform knows them. */
export const ChatIdentity = defineEntity({
  name: 'ChatIdentity',
  tableName: 'chat_identity',
  triggers: [touchOnUpdate('chat_identity_touch')],
  uniques: [{ name: 'chat_identity_platform_user_unique', properties: ['platform', 'userId'] }],
  properties: {
    ...rowProperties,
    member: () => p.manyToOne(Member).deleteRule('cascade').index(),
    platform: p.enum(PLATFORMS),
    userId: p.text(),
    displayName: p.text(),
    /** Codes of bands that were typed and let nobody in, since the time beside it. */
    wrongCodes: p.integer().default(0),
    wrongCodesSince: p.datetime(6).strictNullable(),
    /** When the member showed in a browser that this is theirs; null: a chat's first message alone made the member. */
    linkedAt: p.datetime(6).nullable(),
  },
});
