import { defineEntity, p } from '@mikro-orm/postgresql';
import { Band } from './band.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

export const ARTEFACT_KINDS = [
  'source',
  'canonical',
  'working',
  'stem',
  'waveform',
  'encoded',
  'metadata',
  'player',
  'sheet',
] as const;
export type ArtefactKind = (typeof ARTEFACT_KINDS)[number];

/** What a blob was made from: hashes of inputs, the plan, the job. */
export type Lineage = Readonly<Record<string, string | number | boolean | null>>;

/** A blob that a band holds. Content-addressed blobs may be held by several bands. */
export const Artefact = defineEntity({
  name: 'Artefact',
  tableName: 'artefact',
  triggers: [touchOnUpdate('artefact_touch')],
  uniques: [{ name: 'artefact_band_blob_key_unique', properties: ['band', 'blobKey'] }],
  indexes: [
    { name: 'artefact_blob_key_index', properties: ['blobKey'] },
    { name: 'artefact_expires_at_index', properties: ['expiresAt'] },
    {
      name: 'artefact_recording_index',
      expression: "create index artefact_recording_index on artefact (band_id, (lineage ->> 'recordingSha256'))",
    },
  ],
  checks: [
    { name: 'artefact_bytes_check', expression: 'bytes >= 0' },
    { name: 'artefact_sha256_check', expression: "sha256 ~ '^[0-9a-f]{64}$'" },
  ],
  properties: {
    ...rowProperties,
    band: () => p.manyToOne(Band).deleteRule('cascade'),
    kind: p.enum(ARTEFACT_KINDS),
    blobKey: p.text(),
    bytes: p.bigint('number'),
    sha256: p.text(),
    lineage: p.json<Lineage>().defaultRaw("'{}'"),
    /** Null keeps it. */
    expiresAt: p.datetime(6).strictNullable(),
  },
});

/** A blob that no row needs any more, until the sweep has deleted it. */
export const DoomedBlob = defineEntity({
  name: 'DoomedBlob',
  tableName: 'doomed_blob',
  triggers: [touchOnUpdate('doomed_blob_touch')],
  indexes: [{ name: 'doomed_blob_delete_after_index', properties: ['deleteAfter'] }],
  properties: {
    ...rowProperties,
    blobKey: p.text().unique('doomed_blob_blob_key_unique'),
    deleteAfter: p.datetime(6),
  },
});
