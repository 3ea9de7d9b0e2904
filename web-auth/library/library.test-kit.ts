/** A library over real HTTP: a database, a folder of blobs, members who have signed in, songs whose bytes are there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Client } from 'pg';
import { openBlobStore } from '../../db/blobs/open-blob-store.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Database } from '../../db/orm.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import { addMember, addSong } from '../../db/test-library.ts';
import type { TestSong } from '../../db/test-library.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { openPagesServer } from '../pages.test-kit.ts';
import type { PagesServer } from '../pages.test-kit.ts';
import { libraryPages } from './library-pages.ts';

export interface LibraryBench {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly client: Client;
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

export async function openLibraryBench(): Promise<LibraryBench> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-library-'));
  const testDatabase = await createTestDatabase();
  const database = await openDatabase(testDatabase.url);
  const client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  return {
    database,
    databaseUrl: testDatabase.url,
    client,
    blobs: await openBlobStore({ kind: 'folder', root: folder }),
    async close() {
      await client.end();
      await database.close();
      await testDatabase.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function openLibrary(t: TestContext, bench: LibraryBench): Promise<PagesServer> {
  return await openPagesServer(t, { ...bench, rooms: [libraryPages] });
}

/** Each blob's bytes are its own key: as the rows say, and told apart from any other. The job is done unless `isRunning`. */
export async function storeSong(
  { database, blobs }: LibraryBench,
  { isRunning = false, ...song }: { chat: string; title?: string; isRunning?: boolean },
): Promise<TestSong> {
  const added = await addSong(database, song);
  const { finished, files } = added.result;
  const stems = [...finished.stems, finished.residual];
  const kept = [...stems.flatMap(({ pcm, waveform }) => [pcm, waveform]), ...files.map(({ blob }) => blob)];
  for (const { key } of kept) await blobs.put(key, once(Buffer.from(key)));
  if (!isRunning) {
    await createJobs(database).end(added.jobId, { state: 'done', result: added.result, reused: false });
  }
  return added;
}

/** A member of these bands, signed in. @returns the `Cookie` header */
export async function signIn(
  { client }: LibraryBench,
  server: PagesServer,
  ...bandIds: readonly string[]
): Promise<{ readonly memberId: string; readonly cookie: string }> {
  const memberId = await addMember(client, ...bandIds);
  return { memberId, cookie: await server.signIn(memberId) };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
