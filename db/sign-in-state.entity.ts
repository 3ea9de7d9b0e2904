import { defineEntity, p } from '@mikro-orm/postgresql';
import { Member } from './member.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** A browser that was sent to a provider and has not come back. Read once: it goes as it is read. */
export const SignInState = defineEntity({
  name: 'SignInState',
  tableName: 'sign_in_state',
  triggers: [touchOnUpdate('sign_in_state_touch')],
  indexes: [{ name: 'sign_in_state_expires_at_index', properties: ['expiresAt'] }],
  checks: [
    { name: 'sign_in_state_sha256_check', expression: "state_sha256 ~ '^[0-9a-f]{64}$'" },
    { name: 'sign_in_state_browser_check', expression: "browser_sha256 ~ '^[0-9a-f]{64}$'" },
  ],
  properties: {
    ...rowProperties,
    stateSha256: p.text().unique('sign_in_state_sha256_unique'),
    /** The browser that may come back with it. */
    browserSha256: p.text(),
    provider: p.text(),
    redirectUri: p.text(),
    purpose: p.enum(['sign-in', 'link', 'connect'] as const),
    /** Whose accounts page it began on; null for signing in. */
    member: () => p.manyToOne(Member).nullable().deleteRule('cascade').index(),
    /** What only we may know: the verifier of PKCE, the nonce, the link's token. */
    sealed: p.text(),
    expiresAt: p.datetime(6),
  },
});
