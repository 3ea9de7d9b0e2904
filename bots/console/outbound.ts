import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { umask } from 'node:process';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { Screen } from './screen.ts';
import type { Transcript } from './transcript.ts';

const EDIT_INTERVAL_MS = 200;

/** The console as a chat: its one room is this machine, a thread is the folder that results land in. */
export function createConsolePort(screen: Screen, transcript: Transcript): ChatPort {
  return {
    editIntervalMs: EDIT_INTERVAL_MS,

    async postCard(_address, card) {
      const messageId = card.jobId;
      await transcript.append({ kind: 'post', messageId, card });
      screen.show(card);
      return { messageId };
    },

    async editCard(address, messageId, card) {
      await transcript.append({ kind: 'edit', messageId, card });
      screen.show(card);
      if (card.state === 'done' && address.threadId !== null) {
        screen.print([`└ ${address.threadId}`]);
      }
    },

    async deliverFile({ threadId }, file, path) {
      if (threadId === null) {
        refuse('delivery-folder');
      }
      const finished = join(threadId, file.fileName);
      const unfinished = join(threadId, `.${file.fileName}.${randomUUID()}`);
      try {
        await mkdir(threadId, { recursive: true });
        await copyFile(path, unfinished, constants.COPYFILE_FICLONE);
        // The store keeps its files to itself; these are the musician's, under their usual mask.
        await chmod(unfinished, 0o666 & ~umask());
        await rename(unfinished, finished);
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => undefined);
        refuseFolder(error);
      }
      await transcript.append({ kind: 'file', folder: threadId, fileName: file.fileName, sha256: file.blob.sha256 });
    },

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

function refuseFolder(error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    refuse('no-space');
  }
  if (
    code !== undefined &&
    ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG'].includes(code)
  ) {
    refuse('delivery-folder');
  }
  throw error;
}
