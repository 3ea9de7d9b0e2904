/** A node's chunks in the blob store, so that a later attempt need not compute them again. */
import { copyFile, link, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobMissingError } from '../../workflows/contract/blob-store.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { WindowRange } from './chunk-plan.ts';
import { chunkBlobKey, chunkPrefix, parseChunkBlobKey } from './node-key.ts';

export interface ChunkCheckpoints {
  /** Ranges that the blob store has, in no order; their files may be damaged. */
  list(): Promise<WindowRange[]>;
  /** The local path of a stored chunk's file, or null where it has gone meanwhile. */
  fetch(range: WindowRange): Promise<string | null>;
  /** Where a new chunk's file is to be written. */
  newPath(range: WindowRange): string;
  /** Stores the file that was written at `newPath`. Returns the path where it can still be read. */
  store(range: WindowRange, sha256: string): Promise<string>;
  forget(range: WindowRange): Promise<void>;
  forgetAll(): Promise<void>;
}

/** @param folder a folder of this attempt's own; the caller removes it. */
export function createChunkCheckpoints(blobs: BlobStore, node: string, folder: string): ChunkCheckpoints {
  const localPath = ({ first, last }: WindowRange): string => join(folder, `${String(first)}-${String(last)}`);
  const newPath = (range: WindowRange): string => `${localPath(range)}.new`;

  async function keys(): Promise<string[]> {
    const found: string[] = [];
    for await (const key of blobs.list(chunkPrefix(node))) found.push(key);
    return found;
  }

  return {
    newPath,
    async list() {
      return (await keys()).flatMap((key) => parseChunkBlobKey(node, key) ?? []);
    },
    async fetch(range) {
      const path = localPath(range);
      try {
        await blobs.withFile(chunkBlobKey(node, range), async (source) => await linkOrCopy(source, path));
        return path;
      } catch (error) {
        if (error instanceof BlobMissingError) return null;
        throw error;
      }
    },
    async store(range, sha256) {
      // A second name for the same bytes: the store may take the file away, and joining needs it once more.
      const path = localPath(range);
      await linkOrCopy(newPath(range), path);
      await blobs.putFile(chunkBlobKey(node, range), newPath(range), { consume: true, sha256 });
      return path;
    },
    async forget(range) {
      await rm(localPath(range), { force: true });
      await blobs.delete(chunkBlobKey(node, range));
    },
    async forgetAll() {
      for (const key of await keys()) await blobs.delete(key);
    },
  };
}

async function linkOrCopy(source: string, target: string): Promise<void> {
  await rm(target, { force: true });
  try {
    await link(source, target);
  } catch {
    // Another file system, or one without links; a real fault shows in the copy.
    await copyFile(source, target);
  }
}
