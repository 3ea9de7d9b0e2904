/** Upload pages on a real database and a folder of blobs, and tickets such as a chat hands out. */
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { createInbox } from '../../db/inbox.repository.ts';
import { createUploads } from '../../db/uploads.repository.ts';
import type { JobRequest } from '../../workflows/contract/request.ts';
import type { UploadOrder } from '../../workflows/contract/upload.ts';
import { openPagesBench, openPagesServer } from '../pages.test-kit.ts';
import type { PagesBench, PagesServer } from '../pages.test-kit.ts';
import { uploadPages } from './upload-pages.ts';

export const ORDER: UploadOrder = {
  address: { platform: 'telegram', botId: '7', chatId: '-100', threadId: null },
  requester: { platform: 'telegram', userId: '1', displayName: 'Ada <b>' },
  command: { kind: 'split', strategy: 'vocals', quality: 'fast', format: 'mp3', pick: { kind: 'all' } },
};

export interface UploadBench extends PagesBench {
  /** Ends with the test. */
  serve(t: TestContext, largestUploadBytes: number): Promise<PagesServer>;
  /** A ticket's token. */
  ticket(eventKey?: string, hours?: number): Promise<string>;
  /** What was started since this was asked last. */
  started(): Promise<StartedJob[]>;
  /** Of blobs whose keys begin so. */
  keysBelow(prefix: string): Promise<string[]>;
}

export interface StartedJob {
  readonly requester: JobRequest['requester'];
  readonly name: string | null;
  readonly bytes: Buffer;
}

export async function openUploadBench(): Promise<UploadBench> {
  const bench = await openPagesBench('upload');
  const { database, blobs } = bench;

  async function bytesOf(key: string): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of blobs.read(key)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  return {
    ...bench,
    async serve(t, largestUploadBytes) {
      const rooms = [uploadPages({ largestUploadBytes })];
      return await openPagesServer(t, { ...bench, rooms });
    },
    async ticket(eventKey = randomUUID(), hours = 1) {
      const event = { platform: 'telegram', botId: '7', eventKey } as const;
      return (await createUploads(database).make(event, ORDER, hours)).token;
    },
    async started() {
      const jobs: StartedJob[] = [];
      await createInbox(database).relay(async ({ payload }) => {
        if (payload.kind !== 'job') throw new Error('what was started is no job');
        const { requester, command } = payload.request;
        const { source } = command;
        if (source.kind !== 'uploaded') throw new Error('what was started was not uploaded');
        const bytes = await bytesOf(source.key);
        if (bytes.length !== source.bytes) throw new Error('a job was started with another size than its file has');
        jobs.push({ requester, name: source.name, bytes });
      }, 100);
      return jobs;
    },
    async keysBelow(prefix) {
      const keys: string[] = [];
      for await (const key of blobs.list(prefix)) keys.push(key);
      return keys;
    },
  };
}
