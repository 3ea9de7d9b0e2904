// Unfinished files of this process, and the clearing away of those that dead processes left.
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Another machine may share the folder; whether its processes live cannot be seen from here. */
const FOREIGN_LIMIT_MS = 24 * 3600 * 1000;

export interface ScratchFolder {
  /** A new name, nothing behind it yet. */
  newPath(): string;
}

/** Names say who made them: `<host>.<pid>.<uuid>`. */
const HOST = hostname().replaceAll(/[^\w-]/g, '_') || 'host';

export async function openScratchFolder(folder: string): Promise<ScratchFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid } = await lstat(folder);
  // In the system's temporary folder anybody may have made it before us.
  if (process.getuid !== undefined && uid !== process.getuid()) throw new Error(`${folder} belongs to somebody else`);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (await isLeftover(path, name)) await rm(path, { recursive: true, force: true });
  }
  return { newPath: () => join(folder, `${HOST}.${String(process.pid)}.${randomUUID()}`) };
}

async function isLeftover(path: string, name: string): Promise<boolean> {
  const [host, pid] = name.split('.');
  if (host === HOST && Number(pid) > 0 && !isAlive(Number(pid))) return true;
  const status = await lstat(path).catch(() => null);
  // The time of the last change of the entry itself: a link to an old blob is not old.
  return status !== null && Date.now() - status.ctimeMs > FOREIGN_LIMIT_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
