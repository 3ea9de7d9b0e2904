import { defineEntity, p } from '@mikro-orm/postgresql';
import { ChatIdentity } from './chat-identity.entity.ts';
import { Member } from './member.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** A link that was handed to one chat user. The token is in the link alone; here lies its SHA-256. */
export const LinkToken = defineEntity({
  name: 'LinkToken',
  tableName: 'link_token',
  triggers: [touchOnUpdate('link_token_touch')],
  checks: [{ name: 'link_token_sha256_check', expression: "token_sha256 ~ '^[0-9a-f]{64}$'" }],
  properties: {
    ...rowProperties,
    tokenSha256: p.text().unique('link_token_sha256_unique'),
    identity: () => p.manyToOne(ChatIdentity).deleteRule('cascade').index(),
    expiresAt: p.datetime(6),
    /** The attempt that used it up: of many at once, one. */
    usedBy: p.uuid().nullable(),
  },
});

/** A sign-in that waits until the same chat user types its code in the chat. One for each identity at a time. */
export const LinkCode = defineEntity({
  name: 'LinkCode',
  tableName: 'link_code',
  triggers: [touchOnUpdate('link_code_touch')],
  checks: [{ name: 'link_code_sha256_check', expression: "code_sha256 ~ '^[0-9a-f]{64}$'" }],
  properties: {
    ...rowProperties,
    identity: () => p.oneToOne(ChatIdentity).deleteRule('cascade').unique('link_code_identity_unique'),
    member: () => p.manyToOne(Member).deleteRule('cascade').index(),
    codeSha256: p.text(),
    expiresAt: p.datetime(6),
    wrongTries: p.integer().default(0),
    usedBy: p.uuid().nullable(),
  },
});
