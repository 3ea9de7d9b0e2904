// The data folder: what lies where in it, who owns it, and how a second process finds the stack that runs on it.
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { tryLock } from './file-lock.ts';
import { processState } from './process-table.ts';

export interface DataFolder {
  readonly path: string;
  /** The blob store's folder driver. */
  readonly blobs: string;
  /** For files of one activity attempt; emptied when a stack starts. */
  readonly temporary: string;
  readonly logs: string;
}

/** Of the running stack; holds the database's password, so it is readable by its owner only. */
const stackInfoSchema = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string(),
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  temporalNamespace: z.string(),
});
export type StackInfo = z.output<typeof stackInfoSchema>;

export type PublishedStack = Omit<StackInfo, 'pid' | 'startedAt'>;

export type StackRole =
  | {
      readonly role: 'owner';
      readonly folder: DataFolder;
      /** Tells later processes how to reach the stack; call it when the stack answers. */
      publish(info: PublishedStack): void;
      /** Takes the note back and lets the next owner in. */
      release(): void;
    }
  | { readonly role: 'guest'; readonly folder: DataFolder; readonly info: StackInfo };

const POLL_MS = 100;

/** Makes the folder and its parts, for their owner's eyes only. */
export function openDataFolder(dataDir: string): DataFolder {
  const isNew = mkdirSync(dataDir, { recursive: true, mode: 0o700 }) !== undefined;
  const path = realpathSync(dataDir);
  // oxlint-disable-next-line no-bitwise -- the file mode is a bit set
  if (isNew || (statSync(path).mode & 0o066) !== 0) chmodSync(path, 0o700);
  const folder = { path, blobs: join(path, 'blobs'), temporary: join(path, 'tmp'), logs: join(path, 'logs') };
  for (const part of [folder.blobs, folder.temporary, folder.logs]) mkdirSync(part, { recursive: true, mode: 0o700 });
  return folder;
}

/** Null where there is none, or where its process is gone. */
async function readStack(file: string): Promise<StackInfo | null> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const info = stackInfoSchema.parse(JSON.parse(text)); // written whole by a rename
  const state = await processState(info.pid);
  return state !== null && !state.zombie && state.startedAt === info.startedAt ? info : null;
}

/**
 * Takes the data folder, or finds the stack that runs on it; waits while that stack is still starting or stopping.
 *
 * @param onWait called once where there is another process to wait for.
 */
export async function acquireStack(dataDir: string, onWait?: () => void): Promise<StackRole> {
  const folder = openDataFolder(dataDir);
  const file = join(folder.path, 'stack.json');
  for (let tried = 0; ; tried++) {
    const held = tryLock(join(folder.path, 'lock'));
    if (held !== null) {
      rmSync(file, { force: true });
      rmSync(folder.temporary, { recursive: true, force: true });
      mkdirSync(folder.temporary, { mode: 0o700 });
      const startedAt = (await processState(process.pid))?.startedAt ?? '';
      return {
        role: 'owner',
        folder,
        publish(info) {
          const whole: StackInfo = { pid: process.pid, startedAt, ...info };
          writeFileSync(`${file}.new`, JSON.stringify(whole), { mode: 0o600 });
          renameSync(`${file}.new`, file);
        },
        release() {
          rmSync(file, { force: true });
          held.release();
        },
      };
    }
    const info = await readStack(file);
    if (info !== null) return { role: 'guest', folder, info };
    if (tried === 0) onWait?.();
    await pause(POLL_MS);
  }
}
