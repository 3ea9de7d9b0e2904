import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';

/** All of a small blob at once; null where the store has lost it. */
export async function readWhole(
  blobs: Pick<BlobStore, 'head' | 'read'>,
  { key }: Pick<StoredBlob, 'key'>,
): Promise<Buffer | null> {
  if ((await blobs.head(key)) === null) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of blobs.read(key)) pieces.push(piece);
  return Buffer.concat(pieces);
}
