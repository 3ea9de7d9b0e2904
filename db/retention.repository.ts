// Which blobs may go. Rows go first; a blob goes only after a time in which nobody began to need it again.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ArtefactKind } from './artefact.entity.ts';
import { doomBlobs, GRACE_HOURS } from './doomed-blobs.ts';
import type { Database } from './orm.ts';
import { sqlArray } from './sql-array.ts';

export interface Retention {
  /**
   * Forgets what is past its keeping time and returns blob keys to delete now, at most `limit`. They come again, a quarter of
   * an hour later, until {@link Retention.confirmDeleted}.
   */
  takeExpired(limit: number): Promise<readonly string[]>;
  confirmDeleted(blobKeys: readonly string[]): Promise<void>;
  /**
   * For keys that were found in the store: those that no row holds (left by a crash, or chunks of a separation) go a day later,
   * unless a row holds them by then. Returns how many are newly doomed.
   */
  doomUnheld(blobKeys: readonly string[]): Promise<number>;
}

export function createRetention(database: Database): Retention {
  return {
    async takeExpired(limit) {
      return await database.transaction(async (em) => {
        await forgetExpired(em, limit);
        return await takeDoomed(em, limit);
      });
    },

    async confirmDeleted(blobKeys) {
      await database.use(async (em) => {
        await em.execute('delete from doomed_blob where blob_key = any(?::text[])', [sqlArray(blobKeys)]);
      });
    },

    async doomUnheld(blobKeys) {
      return await database.use(async (em) => {
        const doomed = await em.execute<unknown[]>(
          `insert into doomed_blob (blob_key, delete_after)
           select key, now() + make_interval(hours => ?) from unnest(?::text[]) as key
           where not exists (select from artefact where blob_key = key)
           on conflict (blob_key) do nothing returning id`,
          [GRACE_HOURS, sqlArray(blobKeys)],
        );
        return doomed.length;
      });
    },
  };
}

async function forgetExpired(em: EntityManager, limit: number): Promise<void> {
  const expired = await em.execute<{ id: string; key: string; kind: ArtefactKind }[]>(
    `select id, blob_key as key, kind from artefact where expires_at <= now() order by expires_at limit ? for update skip locked`,
    [limit],
  );
  const ids = sqlArray(expired.map(({ id }) => id));
  // A separation without one of its stems is of no use to anybody.
  await em.execute(
    `delete from separation where id in (
       select separation_id from stem where pcm_artefact_id = any(?::uuid[]) or waveform_artefact_id = any(?::uuid[]))`,
    [ids, ids],
  );
  await em.execute('delete from artefact where id = any(?::uuid[])', [ids]);
  await doomBlobs(em, expired);
}

/** Of the doomed, those that nobody holds: another band may, or a band again. */
async function takeDoomed(em: EntityManager, limit: number): Promise<string[]> {
  await em.execute(
    'delete from doomed_blob where exists (select from artefact where artefact.blob_key = doomed_blob.blob_key)',
  );
  const taken = await em.execute<{ blob_key: string }[]>(
    `update doomed_blob set delete_after = now() + interval '15 minutes' where id in (
       select id from doomed_blob where delete_after <= now()
         and not exists (select from artefact where artefact.blob_key = doomed_blob.blob_key) order by delete_after limit ? for update skip locked)
     returning blob_key`,
    [limit],
  );
  return taken.map(({ blob_key: key }) => key);
}
