/** A sheet is written once: what is kept of it beside its files says which they are. */
import { createHash } from 'node:crypto';
import { heartbeat } from '@temporalio/activity';
import type { BlobStore } from '../workflows/contract/blob-store.ts';
import type { WrittenFiles } from '../workflows/contract/sheets.ts';
import type { DeliveredFile } from '../workflows/contract/stems.ts';
import { ownAudioFailure } from './media/media-refusal.ts';
import { bytesOf, readJson } from './small-blobs.ts';

export interface SheetToWrite {
  readonly kind: 'chords' | 'lyrics' | 'tabs';
  /** The version of the code, and all else that decides what is written. */
  readonly decidedBy: readonly unknown[];
}

/**
 * Finds what was written of this, all of it still kept, or writes it. Within an activity.
 *
 * @param write puts the files into the folder, which is named after all that decides them
 */
export async function writeOnce<Summary>(
  blobs: BlobStore,
  { kind, decidedBy }: SheetToWrite,
  write: (folder: string) => Promise<WrittenFiles<Summary>>,
): Promise<WrittenFiles<Summary>> {
  const folder = `${kind}/${createHash('sha256').update(JSON.stringify(decidedBy)).digest('hex')}`;
  const recordKey = `${folder}/written.json`;
  try {
    const found = await findWritten<Summary>(blobs, recordKey);
    if (found !== null) return found;
    const written = await write(folder);
    await blobs.put(recordKey, bytesOf(JSON.stringify(written)));
    return written;
  } catch (error) {
    throw ownAudioFailure(error);
  }
}

/** By name, in the order in which they are handed over; a heartbeat after each. */
export async function putFiles(
  blobs: BlobStore,
  folder: string,
  name: string,
  contents: readonly (readonly [fileName: string, content: string | Uint8Array])[],
): Promise<readonly DeliveredFile[]> {
  const files: DeliveredFile[] = [];
  for (const [fileName, content] of contents) {
    files.push({ name, fileName, blob: await blobs.put(`${folder}/${fileName}`, bytesOf(content)) });
    heartbeat();
  }
  return files;
}

async function findWritten<Summary>(blobs: BlobStore, key: string): Promise<WrittenFiles<Summary> | null> {
  if ((await blobs.head(key)) === null) return null;
  const written = await readJson<WrittenFiles<Summary>>(blobs, { key });
  const heads = await Promise.all(written.files.map(async ({ blob }) => await blobs.head(blob.key)));
  return heads.every((head, index) => head?.bytes === written.files[index]?.blob.bytes) ? written : null;
}
