import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { ScratchFolder } from './scratch-folder.ts';

/** Which bytes a hash was taken of, as the file system names them; survives a rename, not a change. */
interface Identity {
  readonly inode: string;
  readonly size: string;
  readonly changedNs: string;
}

interface Remembered extends Identity {
  readonly sha256: string;
}

export interface FolderHashes {
  /** Notes the hash of the file at `path`, which `place` then renames to its key. */
  remember(key: string, path: string, sha256: string, place: () => Promise<void>): Promise<void>;
  /** The remembered hash where it is of these very bytes; else they are hashed now, once. */
  of(key: string, file: FileHandle): Promise<string>;
  forget(key: string): Promise<void>;
}

/** Hashes beside a folder of blobs, so that asking for one of a song's PCM does not mean reading it. Losing them is harmless. */
export function createFolderHashes(folder: string, scratch: ScratchFolder): FolderHashes {
  async function write(key: string, remembered: Remembered): Promise<void> {
    const path = join(folder, key);
    const unfinished = scratch.newPath();
    try {
      await writeFile(unfinished, JSON.stringify(remembered), { mode: 0o600, flag: 'wx' });
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await rename(unfinished, path);
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  return {
    async remember(key, path, sha256, place) {
      const identity = identityOf(await stat(path, { bigint: true }));
      await place();
      await write(key, { ...identity, sha256 }).catch(ignoreVanishedFolder);
    },

    async of(key, file) {
      const identity = identityOf(await file.stat({ bigint: true }));
      const remembered = await readRemembered(join(folder, key));
      if (remembered !== null && isSame(remembered, identity)) return remembered.sha256;
      const hash = createHash('sha256');
      const stream = file.createReadStream({ start: 0, highWaterMark: 1 << 20, autoClose: false });
      for await (const piece of stream) hash.update(piece as Buffer);
      const sha256 = hash.digest('hex');
      await write(key, { ...identity, sha256 }).catch(ignoreVanishedFolder);
      return sha256;
    },

    async forget(key) {
      await rm(join(folder, key), { force: true });
    },
  };
}

function identityOf(status: { ino: bigint; size: bigint; mtimeNs: bigint }): Identity {
  return { inode: String(status.ino), size: String(status.size), changedNs: String(status.mtimeNs) };
}

function isSame(a: Identity, b: Identity): boolean {
  return a.inode === b.inode && a.size === b.size && a.changedNs === b.changedNs;
}

async function readRemembered(path: string): Promise<Remembered | null> {
  try {
    const found: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isRemembered(found) ? found : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isRemembered(value: unknown): value is Remembered {
  const fields = ['inode', 'size', 'changedNs', 'sha256'];
  return typeof value === 'object' && value !== null && fields.every((field) => field in value);
}

/** Somebody deletes the key at the same time; what is not remembered is hashed again. */
function ignoreVanishedFolder(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
