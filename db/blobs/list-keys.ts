import { readdir } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';

/** Keys below a folder that begin with `prefix`. What appears or goes meanwhile may or may not be among them. */
export async function* listKeys(root: string, prefix: string): AsyncGenerator<string, void, undefined> {
  yield* walk(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
}

async function* walk(root: string, folder: string, prefix: string): AsyncGenerator<string, void, undefined> {
  for (const entry of await entriesOf(join(root, folder))) {
    const key = `${folder}${entry.name}`;
    // Names of ours begin with a letter or digit; `.tmp` and `.meta` do not.
    if (entry.name.startsWith('.')) continue;
    if (entry.isFile() && key.startsWith(prefix)) yield key;
    if (entry.isDirectory() && (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`))) {
      yield* walk(root, `${key}/`, prefix);
    }
  }
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
