import { defineEntity, p } from '@mikro-orm/postgresql';
import { Member } from './member.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** An operator's authenticator app. */
export const SecondFactor = defineEntity({
  name: 'SecondFactor',
  tableName: 'second_factor',
  triggers: [touchOnUpdate('second_factor_touch')],
  properties: {
    ...rowProperties,
    member: () => p.oneToOne(Member).deleteRule('cascade').unique('second_factor_member_unique'),
    sealed: p.text(),
    /** When its first code was typed; null: it is being set up. */
    confirmedAt: p.datetime(6).nullable(),
    /** The step of time whose code was taken last: none is taken twice. */
    lastStep: p.bigint('number').default(0),
    wrongTries: p.integer().default(0),
    wrongSince: p.datetime(6).nullable(),
  },
});
