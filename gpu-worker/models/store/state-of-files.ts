import { stat } from 'node:fs/promises';

/** Changes whenever one of the files is replaced or written to; a hash over gigabytes for every song would cost seconds. */
export async function stateOfFiles(paths: readonly string[]): Promise<string> {
  const found = await Promise.all(paths.map(async (path) => await stat(path, { bigint: true }).catch(() => null)));
  return found
    .map((file) => (file === null ? 'gone' : `${file.ino}:${file.size}:${file.mtimeNs}:${file.ctimeNs}`))
    .join();
}
