import type { StoredBlob } from './recording.ts';

/**
 * Durable bytes under flat keys. Two drivers (folder, S3) pass one test kit.
 * Keys match `[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*`, at most 512 characters, and no key is a folder of another.
 * A key becomes visible whole or not at all; putting the same key again replaces it atomically.
 */
export interface BlobStore {
  /** Streams bytes in. Rejects, leaving nothing behind, when the source throws or passes `maxBytes`. */
  put(key: string, source: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StoredBlob>;
  /** Stores a local file. */
  putFile(key: string, path: string, options?: PutFileOptions): Promise<StoredBlob>;
  /** Null where there is no such key. */
  head(key: string): Promise<StoredBlob | null>;
  /** Thrown `BlobMissingError` where there is no such key. `range` is inclusive, as in HTTP. */
  read(key: string, range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>;
  /** Gives `use` a local path to the bytes, read-only, valid until it returns. */
  withFile<T>(key: string, use: (path: string) => Promise<T>): Promise<T>;
  /** No error where there is no such key. */
  delete(key: string): Promise<void>;
  list(prefix: string): AsyncIterable<string>;
  /** A URL that anyone may read for a while, or null where the driver has none (folder). */
  presign(
    key: string,
    options: { readonly expiresSeconds: number; readonly downloadName?: string },
  ): Promise<string | null>;
}

export interface PutOptions {
  readonly maxBytes?: number;
}

export interface PutFileOptions {
  /** The file is gone afterwards (the folder driver renames it). */
  readonly consume?: boolean;
  /** Of the whole file, where the caller hashed the bytes as it wrote them; taken on trust. */
  readonly sha256?: string;
}

/** Thrown when a source passes `maxBytes`. */
export class BlobTooLargeError extends Error {
  readonly maxBytes: number;
  constructor(maxBytes: number) {
    super(`more than ${String(maxBytes)} bytes`);
    this.name = 'BlobTooLargeError';
    this.maxBytes = maxBytes;
  }
}

/** Thrown when a key is read that is not there. */
export class BlobMissingError extends Error {
  readonly key: string;
  constructor(key: string) {
    super(`no blob ${key}`);
    this.name = 'BlobMissingError';
    this.key = key;
  }
}
