import { defineEntity, p } from '@mikro-orm/postgresql';
import { Member } from './member.entity.ts';
import { Recording } from './recording.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** Whoever has the link sees the song. The token is in the link alone; here lies the SHA-256. */
export const ShareLink = defineEntity({
  name: 'ShareLink',
  tableName: 'share_link',
  triggers: [touchOnUpdate('share_link_touch')],
  checks: [{ name: 'share_link_token_hash_check', expression: "token_hash ~ '^[0-9a-f]{64}$'" }],
  properties: {
    ...rowProperties,
    tokenHash: p.text().unique('share_link_token_hash_unique'),
    recording: () => p.manyToOne(Recording).deleteRule('cascade').index(),
    madeBy: () => p.manyToOne(Member).nullable().deleteRule('set null').index(),
    /** Chats that preview the link are told the song's title. */
    showsTitle: p.boolean().default(false),
    /** Null never ends by itself. */
    endsAt: p.datetime(6).strictNullable(),
    revokedAt: p.datetime(6).strictNullable(),
  },
});
