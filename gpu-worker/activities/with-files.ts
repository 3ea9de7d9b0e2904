import type { BlobStore } from '../../workflows/contract/blob-store.ts';

/** Gives `use` local paths of several blobs at once, in their order. */
export async function withFiles<T>(
  blobs: BlobStore,
  keys: readonly string[],
  use: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const [key, ...others] = keys;
  if (key === undefined) return await use([]);
  return await blobs.withFile(key, (path) => withFiles(blobs, others, (paths) => use([path, ...paths])));
}
