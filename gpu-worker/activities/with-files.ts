import type { BlobStore } from '../../workflows/contract/blob-store.ts';

/** Gives `use` local paths of blobs by their names; null for those that are not wanted. */
export async function withNamedFiles<Name extends string, T>(
  blobs: BlobStore,
  wanted: Readonly<Record<Name, string | null>>,
  use: (paths: Readonly<Record<Name, string | null>>) => Promise<T>,
): Promise<T> {
  const keys = Object.values<string | null>(wanted).filter((key) => key !== null);
  return await withFiles(blobs, keys, async (paths) => {
    const left = [...paths];
    const named = Object.entries<string | null>(wanted).map(([name, key]) => [
      name,
      key === null ? null : left.shift(),
    ]);
    return await use(Object.fromEntries(named) as Record<Name, string | null>);
  });
}

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
