import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { umask } from 'node:process';
import type { Card } from '../../workflows/contract/card.ts';
import type { ChatPort, OpenFile } from '../../workflows/contract/chat-port.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { Screen } from './screen.ts';
import type { Transcript } from './transcript.ts';

const EDIT_INTERVAL_MS = 200;
const FULL = new Set(['ENOSPC', 'EDQUOT']);
const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG']);
/** A path through a link to nowhere, in a circle, or where no folder can be made, such as `/proc`. */
const NO_FOLDER = new Set([...UNWRITABLE, 'ENOENT', 'ELOOP', 'EINVAL', 'ENOTSUP', 'ERR_INVALID_ARG_VALUE']);

interface Shown {
  readonly version: number;
  readonly sha256: string;
}

/** The console as a chat: its one room is this machine, a thread is the folder that results land in. */
export function createConsolePort(screen: Screen, transcript: Transcript): ChatPort {
  /** In the names of files that are not whole yet: what another process left carries another mark, and goes. */
  const partMark = randomUUID();
  const shown = new Map<string, Shown>();

  async function show(kind: 'post' | 'edit', messageId: string, card: Card): Promise<void> {
    await transcript.append({ kind, messageId, card });
    screen.show(card);
    shown.set(messageId, { version: card.version, sha256: hashOf(card) });
  }

  /** False where it is older than what is shown, or the same. */
  function isNews(messageId: string, card: Card): boolean {
    const before = shown.get(messageId);
    return before === undefined || (card.version >= before.version && hashOf(card) !== before.sha256);
  }

  async function deliverFile(folder: string | null, file: OpenFile): Promise<void> {
    if (folder === null) {
      refuse('delivery-folder');
    }
    if (basename(file.fileName) !== file.fileName || /^(?:\.|$)/u.test(file.fileName)) {
      throw new RangeError('a file is delivered under a plain name');
    }
    const beginning = `.${file.fileName}.part-`;
    const unfinished = join(folder, `${beginning}${partMark}-${randomUUID()}`);
    await makeFolder(folder).catch(refuseFolder(NO_FOLDER));
    try {
      await copyFile(file.path, unfinished, constants.COPYFILE_FICLONE);
      // The store keeps its files to itself; these are the musician's, under their usual mask.
      await chmod(unfinished, 0o666 & ~umask());
      await rename(unfinished, join(folder, file.fileName));
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      refuseFolder(UNWRITABLE)(error);
    }
    await tidy(folder, (name) => name.startsWith(beginning) && !name.startsWith(`${beginning}${partMark}`));
    await transcript.append({ kind: 'file', folder, fileName: file.fileName, sha256: file.blob.sha256 });
  }

  return {
    editIntervalMs: () => EDIT_INTERVAL_MS,
    // A terminal may be redrawn as often as one likes.
    isWorthEditing: () => true,
    fileLimitBytes: async () => null,
    // A folder is filled before its card says so.
    layout: (files) => ({ inCard: files, inPlaceholders: [], posted: [] }),

    async postCard(_address, card) {
      const messageId = card.jobId;
      await show('post', messageId, card);
      return { messageId };
    },

    async editCard(address, messageId, card, files) {
      // Side by side: large ones are mostly waiting for the disk. Rejects when none is under way any more.
      const delivered = await Promise.allSettled(files.map(async (file) => await deliverFile(address.threadId, file)));
      const failed = delivered.find((one) => one.status === 'rejected');
      if (failed !== undefined) {
        throw failed.reason;
      }
      if (!isNews(messageId, card)) {
        return;
      }
      await show('edit', messageId, card);
      if (card.state === 'done' && address.threadId !== null) {
        screen.print([`└ ${address.threadId}`]);
      }
    },

    async postPlaceholder() {
      throw new TypeError('files of the console go into a folder');
    },
    async fillPlaceholder() {
      throw new TypeError('files of the console go into a folder');
    },
    removeStray: async () => false,
    async postFiles() {
      throw new TypeError('files of the console go into a folder');
    },
    findPostedFiles: async () => null,
    // The person is looking at it.
    postExtra: async () => null,
    privateAddress: async () => null,

    async openAttachment({ reference, name }) {
      // Non-blocking, so that a FIFO is seen for what it is instead of waiting for a writer.
      const handle = await open(reference, constants.O_RDONLY | constants.O_NONBLOCK).catch(() =>
        refuse('file-missing'),
      );
      if (!(await handle.stat()).isFile()) {
        await handle.close();
        refuse('not-audio');
      }
      return { name: basename(name), bytes: handle.createReadStream({ highWaterMark: 1 << 20 }) };
    },
  } satisfies ChatPort;
}

/** With its parents. The runtime's own `recursive` never returns where a parent is there but takes no folders, such as `/proc`. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolder(dirname(path));
      await mkdir(path).catch(unlessFolder(path));
    } else {
      await unlessFolder(path)(error);
    }
  }
}

function unlessFolder(path: string): (error: unknown) => Promise<void> {
  return async (error) => {
    if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) {
      throw error;
    }
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** Removes what a killed process left unfinished. A folder that may be written but not listed stays as it is. */
async function tidy(folder: string, isLeft: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(isLeft)) {
    await rm(join(folder, name), { force: true });
  }
}

/** What no other try will mend is the musician's to know; anything else is thrown as it is. */
function refuseFolder(hopeless: ReadonlySet<string>): (error: unknown) => never {
  return (error) => {
    const code = codeOf(error);
    if (FULL.has(code)) {
      refuse('no-space');
    }
    if (hopeless.has(code)) {
      refuse('delivery-folder');
    }
    throw error;
  };
}

function hashOf(card: Card): string {
  return createHash('sha256').update(JSON.stringify(card)).digest('hex');
}
