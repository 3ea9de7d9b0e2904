/** Files and folders that are either there whole, power cut or not, or not there. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes the bytes and waits until the disk has them. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Moves a finished folder, whose files are synced, to its final name. Where another process was faster, its folder stays and ours goes.
 */
export async function publishFolder(folder: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await syncFile(folder);
  try {
    await rename(folder, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    await rm(folder, { recursive: true, force: true });
  }
  await syncFile(dirname(target));
}
