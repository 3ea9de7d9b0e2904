/** Blobs of our own that are small enough to be held whole. */
import { readFile } from 'node:fs/promises';
import type { BlobStore } from '../workflows/contract/blob-store.ts';
import type { StoredBlob } from '../workflows/contract/recording.ts';

export async function* bytesOf(content: string | Uint8Array): AsyncIterable<Uint8Array> {
  yield typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

/** What we wrote ourselves was put whole or not at all, so that it is taken as it is. */
export async function readJson<Content>(blobs: BlobStore, { key }: Pick<StoredBlob, 'key'>): Promise<Content> {
  return JSON.parse(await blobs.withFile(key, async (path) => await readFile(path, 'utf8'))) as Content;
}
