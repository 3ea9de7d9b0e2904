import { defineEntity, p } from '@mikro-orm/postgresql';
import { PLATFORMS } from '../workflows/contract/request.ts';
import { Band } from './band.entity.ts';
import { Job } from './job.entity.ts';
import { Member } from './member.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

export const SHARE_KINDS = ['job', 'audio', 'bytes'] as const;
export type ShareKind = (typeof SHARE_KINDS)[number];

/** What a job has reserved of its requester's and its band's shares. Given back, it counts no more. */
export const ShareUse = defineEntity({
  name: 'ShareUse',
  tableName: 'share_use',
  triggers: [touchOnUpdate('share_use_touch')],
  uniques: [{ name: 'share_use_job_kind_unique', properties: ['job', 'kind'] }],
  indexes: [
    { name: 'share_use_member_index', properties: ['member', 'kind', 'createdAt'] },
    { name: 'share_use_band_index', properties: ['band', 'kind', 'createdAt'] },
  ],
  properties: {
    ...rowProperties,
    job: () => p.manyToOne(Job).deleteRule('cascade'),
    member: () => p.manyToOne(Member).deleteRule('cascade'),
    band: () => p.manyToOne(Band).deleteRule('cascade'),
    kind: p.enum(SHARE_KINDS),
    /** Jobs, seconds of audio, or bytes. */
    amount: p.double().$type<number>(),
    givenBackAt: p.datetime(6).strictNullable(),
  },
});

/** Commands of one person within one minute. */
export const CommandCount = defineEntity({
  name: 'CommandCount',
  tableName: 'command_count',
  triggers: [touchOnUpdate('command_count_touch')],
  uniques: [{ name: 'command_count_person_minute_unique', properties: ['platform', 'userId', 'minute'] }],
  properties: {
    ...rowProperties,
    platform: p.enum(PLATFORMS),
    userId: p.text(),
    minute: p.datetime(6),
    count: p.integer(),
  },
});
