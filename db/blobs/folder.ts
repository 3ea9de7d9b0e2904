// Blobs as files. A blob's bytes are the truth; what is remembered about them (`.meta`) is a cache that proves itself.
import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, realpath, rename, rm, rmdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { BlobMissingError } from '../../workflows/contract/blob-store.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { checkBlobKey, checkBlobPrefix, lastByteOf } from './blob-key.ts';
import { createFolderHashes } from './folder-hashes.ts';
import { listKeys } from './list-keys.ts';
import { measureBytes, sha256OfFile } from './measure-bytes.ts';
import { openScratchFolder } from './scratch-folder.ts';

const READ_BYTES = 1 << 20;
const MISSING = new Set(['ENOENT', 'ENOTDIR']);
/** A parent that another process has just emptied may vanish between being made and being used. */
const PLACE_TRIES = 20;

/** Makes the folder where it is missing, for this user alone, and clears away what killed processes left unfinished. */
export async function openFolderStore(folder: string): Promise<BlobStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const root = await realpath(folder);
  const scratch = await openScratchFolder(join(root, '.tmp'));
  const hashes = createFolderHashes(join(root, '.meta'), scratch);

  function pathOf(key: string): string {
    checkBlobKey(key);
    const path = join(root, key);
    if (!path.startsWith(`${root}${sep}`)) throw new RangeError('a blob key leads out of the store');
    return path;
  }

  /** Nothing but folders of ours on the way: a planted link must not lead elsewhere. */
  async function makeParent(path: string): Promise<void> {
    const parent = dirname(path);
    const created = await mkdir(parent, { recursive: true, mode: 0o700 });
    if ((await realpath(parent)) !== parent) throw new Error(`a link stands in the way of ${path}`);
    // The names of new folders must survive a power cut as well.
    if (created === undefined) return;
    for (let made = parent; made.length >= created.length; made = dirname(made)) await syncFolder(dirname(made));
  }

  /** Moves a finished, synced file to its key: from here on it is visible, whole. */
  async function place(from: string, path: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await makeParent(path);
        await rename(from, path);
        await syncFolder(dirname(path));
        return;
      } catch (error) {
        if (!MISSING.has(codeOf(error)) || tries === PLACE_TRIES || (await lstat(from).catch(() => null)) === null)
          throw error;
      }
    }
  }

  async function openBlob(key: string): Promise<FileHandle> {
    const path = pathOf(key);
    try {
      if ((await realpath(dirname(path))) !== dirname(path)) throw new Error(`a link stands in the way of ${path}`);
      const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
      if ((await file.stat()).isFile()) return file;
      await file.close();
    } catch (error) {
      if (!MISSING.has(codeOf(error))) throw error;
    }
    throw new BlobMissingError(key);
  }

  return {
    async put(key, source, options) {
      const path = pathOf(key);
      const unfinished = scratch.newPath();
      const measure = measureBytes(options?.maxBytes);
      try {
        const file = await open(unfinished, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
        try {
          for await (const piece of measure.through(source)) await writeAll(file, piece);
          await file.sync();
        } finally {
          await file.close();
        }
        const { bytes, sha256 } = measure.result();
        await hashes.remember(key, unfinished, sha256, async () => {
          await place(unfinished, path);
        });
        return { key, bytes, sha256 };
      } finally {
        await rm(unfinished, { force: true });
      }
    },

    async putFile(key, from, options) {
      const path = pathOf(key);
      const unfinished = scratch.newPath();
      try {
        if (options?.consume === true) await takeFile(from, unfinished);
        else await copyFile(from, unfinished, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        const bytes = await syncFile(unfinished);
        const sha256 = options?.sha256 ?? (await sha256OfFile(unfinished));
        await hashes.remember(key, unfinished, sha256, async () => {
          await place(unfinished, path);
        });
        return { key, bytes, sha256 };
      } finally {
        await rm(unfinished, { force: true });
      }
    },

    async head(key) {
      const file = await openBlob(key).catch((error: unknown) => {
        if (error instanceof BlobMissingError) return null;
        throw error;
      });
      if (file === null) return null;
      try {
        const { size } = await file.stat();
        return { key, bytes: size, sha256: await hashes.of(key, file) };
      } finally {
        await file.close();
      }
    },

    async *read(key, range) {
      const file = await openBlob(key);
      try {
        const { size } = await file.stat();
        const end = range === undefined ? size - 1 : lastByteOf(range, size);
        const start = range?.start ?? 0;
        if (size === 0) return;
        const stream = file.createReadStream({ start, end, highWaterMark: READ_BYTES, autoClose: false });
        for await (const piece of stream) yield piece as Buffer;
      } finally {
        await file.close();
      }
    },

    async withFile(key, use) {
      const path = pathOf(key);
      // A name of its own: the bytes stay even if the key is replaced or deleted meanwhile.
      const own = scratch.newPath();
      const file = await openBlob(key);
      await file.close();
      try {
        await link(path, own);
      } catch (error) {
        throw codeOf(error) === 'ENOENT' ? new BlobMissingError(key) : error;
      }
      try {
        return await use(own);
      } finally {
        await rm(own, { force: true });
      }
    },

    async delete(key) {
      const path = pathOf(key);
      await rm(path, { force: true }).catch((error: unknown) => {
        if (!MISSING.has(codeOf(error))) throw error;
      });
      await hashes.forget(key);
      await removeEmptyParents(path, root);
    },

    list(prefix) {
      checkBlobPrefix(prefix);
      return listKeys(root, prefix);
    },

    async presign(key) {
      checkBlobKey(key);
      return await Promise.resolve(null);
    },
  };
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let written = 0; written < piece.byteLength;) {
    written += (await file.write(piece, written)).bytesWritten;
  }
}

/** A rename where both are on one file system, else a copy. */
async function takeFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await rm(from);
  }
}

async function syncFile(path: string): Promise<number> {
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    await file.chmod(0o600);
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function removeEmptyParents(path: string, root: string): Promise<void> {
  for (let folder = dirname(path); folder !== root; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes(codeOf(error))) return;
      throw error;
    }
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
