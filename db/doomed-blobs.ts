import type { EntityManager } from '@mikro-orm/postgresql';
import type { ArtefactKind } from './artefact.entity.ts';

/**
 * Work in progress finds blobs of earlier work by their content and writes its rows only when it is done. It is done
 * within this time.
 */
export const GRACE_HOURS = 24;

/** For blobs whose rows have just been deleted: they go when nobody has begun to need them again. */
export async function doomBlobs(
  em: EntityManager,
  blobs: readonly { readonly key: string; readonly kind: ArtefactKind }[],
): Promise<void> {
  // Always in one order, so that two that doom the same blobs wait for each other rather than for ever.
  for (const { key, kind } of blobs.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    // Nobody finds an upload by its content: each has a key of its own.
    await em.execute(
      `insert into doomed_blob as doomed (blob_key, delete_after) values (?, now() + make_interval(hours => ?))
       on conflict (blob_key) do update set delete_after = greatest(doomed.delete_after, excluded.delete_after)`,
      [key, kind === 'source' ? 0 : GRACE_HOURS],
    );
  }
}
