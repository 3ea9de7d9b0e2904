/**
 * Keeps processes from fetching the same model twice at once. The holder touches its file every few seconds; a file that nobody has
 * touched for long was left by a process that died. Should two ever hold it, nothing breaks: what they make is checked and renamed whole.
 */
import { mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const TOUCH_EVERY_MS = 2000;
const STALE_AFTER_MS = 30_000;
const LOOK_EVERY_MS = 250;

export interface LockOptions {
  readonly signal: AbortSignal;
  /** Called now and then while another process holds the lock. */
  readonly onWaiting: () => void;
  readonly staleAfterMs?: number;
}

/** Runs `work` while holding the lock file. @throws the signal's reason when aborted while waiting. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const inode = await acquire(path, options);
  const touching = setInterval(() => {
    const now = new Date();
    // A failure means that the file was taken from us or the disk is gone; the work's own steps will notice what matters.
    utimes(path, now, now).catch(() => undefined);
  }, TOUCH_EVERY_MS);
  touching.unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
    if ((await inodeOf(path)) === inode) await rm(path, { force: true });
  }
}

async function acquire(path: string, { signal, onWaiting, staleAfterMs }: LockOptions): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  for (;;) {
    signal.throwIfAborted();
    try {
      const file = await open(path, 'wx');
      try {
        await file.writeFile(String(process.pid));
        return (await file.stat()).ino;
      } finally {
        await file.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isStale(path, staleAfterMs ?? STALE_AFTER_MS)) await removeStale(path);
    else {
      onWaiting();
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}

async function isStale(path: string, staleAfterMs: number): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > staleAfterMs;
}

/** By renaming, which only one of several who found it stale can do. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await rm(aside, { force: true });
}

async function inodeOf(path: string): Promise<number | null> {
  return (await stat(path).catch(() => null))?.ino ?? null;
}
