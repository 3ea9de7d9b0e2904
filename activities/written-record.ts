/** What is kept of a written sheet beside its files, so that a second attempt, or the same sheet again, writes nothing. */
import { readFile } from 'node:fs/promises';
import type { BlobStore } from '../workflows/contract/blob-store.ts';
import type { WrittenFiles } from '../workflows/contract/sheets.ts';

/** @param folder of the sheet's files, named after all that decides them. Null where there is none, or where one of its files is gone. */
export async function findWritten<Summary>(blobs: BlobStore, folder: string): Promise<WrittenFiles<Summary> | null> {
  const key = recordKey(folder);
  if ((await blobs.head(key)) === null) return null;
  const json = await blobs.withFile(key, async (path) => await readFile(path, 'utf8'));
  // Our own words: they were put whole or not at all.
  const written = JSON.parse(json) as WrittenFiles<Summary>;
  const heads = await Promise.all(written.files.map(async ({ blob }) => await blobs.head(blob.key)));
  return heads.every((head, index) => head?.bytes === written.files[index]?.blob.bytes) ? written : null;
}

export async function putWritten(blobs: BlobStore, folder: string, written: WrittenFiles<unknown>): Promise<void> {
  await blobs.put(recordKey(folder), bytesOf(JSON.stringify(written)));
}

export async function* bytesOf(content: string | Uint8Array): AsyncIterable<Uint8Array> {
  yield typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function recordKey(folder: string): string {
  return `${folder}/written.json`;
}
