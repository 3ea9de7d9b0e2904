import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { BlobMissingError } from '../workflows/contract/blob-store.ts';
import type { BlobStore } from '../workflows/contract/blob-store.ts';
import type { StoredBlob } from '../workflows/contract/recording.ts';

/**
 * Files in a folder and nothing more: neither hashed nor synced nor moved into place. What computing takes without a real store.
 * A blob's "hash" is its key's.
 */
export function openPlainBlobs(root: string): BlobStore {
  const pathOf = (key: string): string => join(root, key);

  async function ready(key: string): Promise<string> {
    await mkdir(dirname(pathOf(key)), { recursive: true });
    return pathOf(key);
  }

  async function describe(key: string): Promise<StoredBlob> {
    const sha256 = createHash('sha256').update(key).digest('hex');
    return { key, bytes: (await stat(pathOf(key))).size, sha256 };
  }

  async function head(key: string): Promise<StoredBlob | null> {
    try {
      return await describe(key);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async function existing(key: string): Promise<string> {
    if ((await head(key)) === null) throw new BlobMissingError(key);
    return pathOf(key);
  }

  return {
    head,
    async put(key, source) {
      await writeFile(await ready(key), source);
      return await describe(key);
    },
    async putFile(key, from, options) {
      const path = await ready(key);
      await (options?.consume === true ? rename(from, path) : copyFile(from, path));
      return await describe(key);
    },
    async *read(key, range) {
      yield* createReadStream(await existing(key), range) as AsyncIterable<Uint8Array>;
    },
    withFile: async (key, use) => await use(await existing(key)),
    delete: async (key) => await rm(pathOf(key), { force: true }),
    async *list(prefix) {
      for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
        const key = join(entry.parentPath, entry.name).slice(root.length + 1);
        if (entry.isFile() && key.startsWith(prefix)) yield key;
      }
    },
    presign: async () => await Promise.resolve(null),
  };
}
