import { defineEntity, p } from '@mikro-orm/postgresql';
import type { PcmBlob } from '../workflows/contract/recording.ts';
import { Artefact } from './artefact.entity.ts';
import { Band } from './band.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** A song that a band handed over. The row outlives its audio: the artefacts go when their time is over. */
export const Recording = defineEntity({
  name: 'Recording',
  tableName: 'recording',
  triggers: [touchOnUpdate('recording_touch')],
  uniques: [{ name: 'recording_band_sha256_unique', properties: ['band', 'sha256'] }],
  indexes: [{ name: 'recording_band_created_at_index', properties: ['band', 'createdAt'] }],
  checks: [
    { name: 'recording_sha256_check', expression: "sha256 ~ '^[0-9a-f]{64}$'" },
    { name: 'recording_duration_check', expression: "duration_seconds >= '0'" },
  ],
  properties: {
    ...rowProperties,
    band: () => p.manyToOne(Band).deleteRule('cascade'),
    sha256: p.text(),
    title: p.text(),
    durationSeconds: p.double().$type<number>(),
    canonical: p.json<PcmBlob>(),
    working: p.json<PcmBlob>(),
    canonicalArtefact: () => p.manyToOne(Artefact).nullable().deleteRule('set null').index(),
    workingArtefact: () => p.manyToOne(Artefact).nullable().deleteRule('set null').index(),
  },
});
