import { defineEntity, p } from '@mikro-orm/postgresql';
import { Member } from './member.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

export const ACCOUNT_PROVIDERS = ['discord', 'slack', 'google', 'telegram', 'spotify', 'tone3000'] as const;
export type AccountProvider = (typeof ACCOUNT_PROVIDERS)[number];

/** A member's account elsewhere: by some one signs in, of some tokens are kept. */
export const LinkedAccount = defineEntity({
  name: 'LinkedAccount',
  tableName: 'linked_account',
  triggers: [touchOnUpdate('linked_account_touch')],
  uniques: [{ name: 'linked_account_provider_subject_unique', properties: ['provider', 'subject'] }],
  properties: {
    ...rowProperties,
    member: () => p.manyToOne(Member).deleteRule('cascade').index(),
    provider: p.enum(ACCOUNT_PROVIDERS),
    /** Who it is at the provider, for ever; Slack's is `team:user`. */
    subject: p.text(),
    displayName: p.text(),
    /** What the member granted, as the provider names it. */
    scopes: p.array().$type<string[]>().defaultRaw("'{}'"),
    /** Tokens; null where none are kept. */
    sealed: p.text().nullable(),
    tokensExpireAt: p.datetime(6).nullable(),
    /** The provider takes the tokens no more: the member has to connect again. */
    needsRelink: p.boolean().default(false),
  },
});
