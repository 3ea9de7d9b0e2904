// A lock between processes that the kernel lets go of when its holder dies, however it dies. Node has no call for file locks,
// but SQLite takes one for an exclusive transaction, and Node carries SQLite.
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

export interface FileLock {
  readonly release: () => void;
}

const SQLITE_BUSY = 5;
const POLL_MS = 200;

/**
 * Null where another process holds it. The file is made if absent and stays, empty; nothing else may open it.
 * One process cannot hold the same lock twice.
 */
export function tryLock(path: string): FileLock | null {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
  let held = true;
  return {
    release() {
      if (held) database.close();
      held = false;
    },
  };
}

/** Waits for the lock. `onWait` is called once, where it has to wait at all. */
export async function lock(path: string, onWait?: () => void): Promise<FileLock> {
  for (let tried = 0; ; tried++) {
    const taken = tryLock(path);
    if (taken !== null) return taken;
    if (tried === 0) onWait?.();
    await pause(POLL_MS);
  }
}
