import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Gives `use` a private folder for one piece of work, and removes it whatever happens. */
export async function withScratchFolder<T>(scratchDir: string, use: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(scratchDir, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(scratchDir, 'media-'));
  try {
    await chmod(folder, 0o700);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
