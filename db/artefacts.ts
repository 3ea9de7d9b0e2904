import type { EntityManager } from '@mikro-orm/postgresql';
import type { StoredBlob } from '../workflows/contract/recording.ts';
import type { ArtefactKind, Lineage } from './artefact.entity.ts';
import { Band } from './band.entity.ts';
import { sqlArray } from './sql-array.ts';

export interface HeldBlob {
  readonly kind: ArtefactKind;
  readonly blob: StoredBlob;
  readonly lineage: Lineage;
}

/**
 * Writes down that a band holds these blobs, for as long as it keeps things. Holding one again prolongs it,
 * and saves it from the sweep. Returns the rows' ids by blob key.
 */
export async function holdBlobs(
  em: EntityManager,
  bandId: string,
  held: readonly HeldBlob[],
  uploadHours: number,
): Promise<ReadonlyMap<string, string>> {
  const { retentionDays } = await em.findOneOrFail(Band, { id: bandId });
  const ids = new Map<string, string>();
  // Always in one order, so that two jobs that hold the same blobs wait for each other rather than for ever.
  for (const { kind, blob, lineage } of held.toSorted((a, b) => (a.blob.key < b.blob.key ? -1 : 1))) {
    if (ids.has(blob.key)) continue;
    const keepHours = kind === 'source' ? uploadHours : retentionDays === null ? null : retentionDays * 24;
    const rows = await em.execute<{ id: string }[]>(
      `insert into artefact as held (band_id, kind, blob_key, bytes, sha256, lineage, expires_at)
       values (?, ?, ?, ?, ?, ?, now() + make_interval(hours => ?::int))
       on conflict (band_id, blob_key) do update set bytes = excluded.bytes, sha256 = excluded.sha256,
         expires_at = case when held.expires_at is null then null else nullif(greatest(held.expires_at, coalesce(excluded.expires_at, 'infinity')), 'infinity') end
       returning id`,
      [bandId, kind, blob.key, blob.bytes, blob.sha256, JSON.stringify(lineage), keepHours],
    );
    if (rows[0] !== undefined) ids.set(blob.key, rows[0].id);
  }
  return ids;
}

/** Prolongs what is still held. False, where one of them is past its time or gone: then none of it may be relied on. */
export async function prolong(em: EntityManager, bandId: string, artefactIds: readonly string[]): Promise<boolean> {
  const { retentionDays } = await em.findOneOrFail(Band, { id: bandId });
  const wanted = [...new Set(artefactIds)];
  const held = await em.execute<unknown[]>(
    `select id from artefact where id = any(?::uuid[]) and (expires_at is null or expires_at > now()) order by id for update`,
    [sqlArray(wanted)],
  );
  if (held.length < wanted.length) return false;
  await em.execute(
    // The interval of a null is null: kept for good.
    `update artefact set expires_at = nullif(greatest(expires_at, coalesce(now() + make_interval(days => ?::int), 'infinity')), 'infinity')
     where id = any(?::uuid[]) and expires_at is not null`,
    [retentionDays, sqlArray(wanted)],
  );
  return true;
}
