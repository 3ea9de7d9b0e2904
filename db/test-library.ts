// Bands with songs, as tests of the library and of its pages need them.
import { createHash, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { SeparationResult } from '../workflows/contract/stems.ts';
import { createLibrary } from './library.repository.ts';
import type { Database } from './orm.ts';
import { createIdentities } from './identities.repository.ts';
import { testAddress, testBlob, testJob, testPlan, testRecording, testResult } from './test-rows.ts';

export interface TestBand {
  readonly id: string;
  /** What its songs are sent to. */
  readonly chat: string;
}

export interface TestSong {
  readonly jobId: string;
  readonly code: string;
  readonly recordingId: string;
  readonly sha256: string;
  readonly result: SeparationResult;
}

/** Founded by a first message. */
export async function addBand(database: Database, name?: string): Promise<TestBand> {
  const chat = randomUUID();
  const { bandId: id } = await createIdentities(database).resolve(
    { ...testAddress, chatId: chat },
    { platform: 'console', userId: 'me', displayName: 'Me' },
  );
  if (name !== undefined) {
    await database.use(async (em) => await em.execute('update band set name = ? where id = ?', [name, id]));
  }
  return { id, chat };
}

/** In these bands and no others. @returns the member's id */
export async function addMember(client: Client, ...bandIds: string[]): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    "insert into member (display_name) values ('Robin') returning id",
  );
  const id = rows[0]?.id ?? '';
  for (const bandId of bandIds) {
    await client.query('insert into membership (band_id, member_id) values ($1, $2)', [bandId, id]);
  }
  return id;
}

/** A song with its result, and a job that has not ended yet. Each is a recording of its own; the same `content` has the same stems. */
export async function addSong(
  database: Database,
  {
    chat,
    title = 'Song',
    content = randomUUID(),
    stopAfter = 'result',
  }: { chat: string; title?: string; content?: string; stopAfter?: 'opened' | 'result' },
): Promise<TestSong> {
  const { jobId, code } = await testJob(database, { address: { ...testAddress, chatId: chat } });
  const sha256 = createHash('sha256').update(jobId).digest('hex');
  const result = testResult(sha256, content, jobId);
  if (stopAfter === 'opened') return { jobId, code, recordingId: '', sha256, result };
  const library = createLibrary(database);
  await library.saveRecording({
    jobId,
    source: { ...testBlob(`sources/${jobId}`), title },
    recording: { ...testRecording(sha256, jobId), title },
  });
  await library.saveResult({ jobId, plan: testPlan, result });
  const rows = await database.use(
    async (em) => await em.execute<{ id: string }[]>('select recording_id as id from job where id = ?', [jobId]),
  );
  return { jobId, code, recordingId: rows[0]?.id ?? '', sha256, result };
}
