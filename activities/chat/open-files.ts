import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { OpenFile } from '../../workflows/contract/chat-port.ts';
import type { ResultFile } from '../../workflows/contract/delivery.ts';

/** Gives `use` every file as a path on this machine, until it returns. */
export async function withFiles<T>(
  blobs: BlobStore,
  files: readonly ResultFile[],
  use: (open: readonly OpenFile[]) => Promise<T>,
  opened: readonly OpenFile[] = [],
): Promise<T> {
  const [file, ...rest] = files;
  return file === undefined
    ? await use(opened)
    : await blobs.withFile(
        file.blob.key,
        async (path) => await withFiles(blobs, rest, use, [...opened, { ...file, path }]),
      );
}
