import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobMissingError, BlobTooLargeError } from '../../workflows/contract/blob-store.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';

/** A blob folder for tests: one flat file per key. */
export function createTestBlobs(folder: string): BlobStore {
  const pathOf = (key: string): string => join(folder, encodeURIComponent(key));
  const head = async (key: string): Promise<StoredBlob | null> => {
    const bytes = await readFile(pathOf(key)).catch(() => null);
    if (bytes === null) return null;
    return { key, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const stored = async (key: string): Promise<StoredBlob> => {
    const blob = await head(key);
    if (blob === null) throw new BlobMissingError(key);
    return blob;
  };
  return {
    async put(key, source, options = {}) {
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      for await (const piece of source) {
        bytes += piece.length;
        if (bytes > (options.maxBytes ?? Infinity)) throw new BlobTooLargeError(options.maxBytes ?? 0);
        pieces.push(piece);
      }
      await mkdir(folder, { recursive: true });
      await writeFile(pathOf(key), Buffer.concat(pieces));
      return stored(key);
    },
    async putFile(key, path, options = {}) {
      await mkdir(folder, { recursive: true });
      if (options.consume === true) await rename(path, pathOf(key));
      else await copyFile(path, pathOf(key));
      return stored(key);
    },
    head,
    async *read(key, range) {
      await stored(key);
      yield* createReadStream(pathOf(key), range ?? {}) as AsyncIterable<Uint8Array>;
    },
    async withFile(key, use) {
      await stored(key);
      return use(pathOf(key));
    },
    delete: (key) => rm(pathOf(key), { force: true }),
    async *list(prefix) {
      const names = await readdir(folder).catch(() => []);
      yield* names.map(decodeURIComponent).filter((key) => key.startsWith(prefix));
    },
    presign: () => Promise.resolve(null),
  };
}
