import { defineEntity, p } from '@mikro-orm/postgresql';
import { Band } from './band.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** A code by which another chat joins a band, once. */
export const BandInvite = defineEntity({
  name: 'BandInvite',
  tableName: 'band_invite',
  triggers: [touchOnUpdate('band_invite_touch')],
  properties: {
    ...rowProperties,
    band: () => p.manyToOne(Band).deleteRule('cascade').index(),
    /** SHA-256 of the code, lower-case hex: a stolen table lets nobody in. */
    codeSha256: p.text().unique('band_invite_code_unique'),
    expiresAt: p.datetime(6),
    usedAt: p.datetime(6).strictNullable(),
  },
});
