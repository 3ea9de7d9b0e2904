import { defineEntity, p } from '@mikro-orm/postgresql';
import { Member } from './member.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** A browser in which a member has signed in. Its id is only in the browser's cookie; here lies the SHA-256. */
export const WebSession = defineEntity({
  name: 'WebSession',
  tableName: 'web_session',
  triggers: [touchOnUpdate('web_session_touch')],
  indexes: [{ name: 'web_session_expires_at_index', properties: ['expiresAt'] }],
  checks: [{ name: 'web_session_id_hash_check', expression: "id_hash ~ '^[0-9a-f]{64}$'" }],
  properties: {
    ...rowProperties,
    idHash: p.text().unique('web_session_id_hash_unique'),
    member: () => p.manyToOne(Member).deleteRule('cascade').index(),
    /** Moves on while the session is used. */
    expiresAt: p.datetime(6),
    /** Does not. */
    endsAt: p.datetime(6),
    /** When the second factor was given; null where it was not. */
    secondFactorAt: p.datetime(6).strictNullable(),
  },
});
