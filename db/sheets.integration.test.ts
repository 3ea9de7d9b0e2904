import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { SongFacts } from '../workflows/contract/analysis.ts';
import type { MadeAnalysis } from '../workflows/contract/sheets.ts';
import { createLibrary } from './library.repository.ts';
import type { Database } from './orm.ts';
import { openDatabase } from './orm.ts';
import { createSheets } from './sheets.repository.ts';
import type { SheetOfJob, Sheets } from './sheets.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testAddress, testBlob, testJob, testRecording } from './test-rows.ts';
import type { TestJob } from './test-rows.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let sheets: Sheets;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  sheets = createSheets(database);
});
after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

function newSong(): string {
  return testBlob(randomUUID()).sha256;
}

/** A job about a song of its own, in a chat of its own unless told otherwise. */
async function jobOnSong(address = { ...testAddress, chatId: randomUUID() }, song = newSong()): Promise<TestJob> {
  const job = await testJob(database, { address });
  await createLibrary(database).saveRecording({
    jobId: job.jobId,
    source: { ...testBlob(`source ${song}`), title: 'song' },
    recording: testRecording(song),
  });
  return job;
}

function made(name: string): MadeAnalysis {
  return {
    summary: {
      durationSeconds: 1,
      rhythm: null,
      key: null,
      chords: [name],
      sections: [],
      tuningCents: null,
      loudnessLufs: null,
      peakDbtp: null,
      loudnessRangeLu: null,
      genre: null,
      mood: null,
    },
    blobs: { analysis: testBlob(`analysis ${name}`), picture: testBlob(`picture ${name}`) },
  };
}

function of({ jobId }: TestJob, parameters: SongFacts = {}, version = 1): SheetOfJob {
  return { jobId, kind: 'analysis', version, parameters };
}

test('what was made of a song is found again by its band, under the same facts and version alone', async () => {
  const address = { ...testAddress, chatId: randomUUID() };
  const song = newSong();
  const job = await jobOnSong(address, song);
  const sheet = made(song);
  const parameters: SongFacts = { beatsPerBar: 3, key: { tonic: 'E', mode: 'minor' } };
  assert.equal(await sheets.find(of(job, parameters)), null);
  await sheets.save({ ...of(job, parameters), made: sheet, files: [] });
  await sheets.save({ ...of(job, parameters), made: sheet, files: [] });

  const again = await jobOnSong(address, song);
  const otherwise: SongFacts = { key: { mode: 'minor', tonic: 'E' }, beatsPerBar: 3 };
  assert.deepEqual(await sheets.find(of(again, otherwise)), sheet, 'in whatever order the facts come');
  assert.equal(await sheets.find(of(again)), null);
  assert.equal(await sheets.find(of(again, parameters, 2)), null);
  assert.equal(await sheets.find(of(await jobOnSong(undefined, song), parameters)), null, 'another band');
});

test('what is not kept any more is not found', async () => {
  const job = await jobOnSong();
  const sheet = made(job.code);
  await sheets.save({ ...of(job), made: sheet, files: [] });
  await client.query("update artefact set expires_at = now() - interval '1 day' where blob_key = $1", [
    sheet.blobs.picture.key,
  ]);
  assert.equal(await sheets.find(of(job)), null);
});

test('files of a sheet are held with their song, and go with it', async () => {
  const job = await jobOnSong();
  const document = testBlob(`document ${job.code}`);
  const files = [{ name: 'analysis', fileName: 'analysis.json', blob: document }];
  await sheets.save({ ...of(job), made: made(job.code), files });
  const { rows } = await client.query<{ key: string }>(
    "select blob_key as key from artefact where kind = 'sheet' and lineage ->> 'job' = $1 and lineage ->> 'recordingSha256' is not null",
    [job.jobId],
  );
  assert.equal(rows.length, 3);
  assert.ok(rows.some(({ key }) => key === document.key));
});

test('what members say of a song adds up, and can be taken back', async () => {
  const address = { ...testAddress, chatId: randomUUID() };
  const song = newSong();
  const [one, other] = [await jobOnSong(address, song), await jobOnSong(address, song)];
  assert.deepEqual(await sheets.stateFacts({ jobId: one.jobId, changes: {} }), {});
  assert.deepEqual(await sheets.stateFacts({ jobId: one.jobId, changes: { tempoFactor: 0.5 } }), { tempoFactor: 0.5 });
  const key = { tonic: 'Bb', mode: 'major' } as const;
  assert.deepEqual(await sheets.stateFacts({ jobId: other.jobId, changes: { key, tempoFactor: 2 } }), {
    tempoFactor: 2,
    key,
  });
  const tapped = { tempoBpm: 93.5, tempoFactor: null };
  assert.deepEqual(await sheets.stateFacts({ jobId: one.jobId, changes: tapped }), { tempoBpm: 93.5, key });
  const elsewhere = await jobOnSong(undefined, song);
  assert.deepEqual(await sheets.stateFacts({ jobId: elsewhere.jobId, changes: {} }), {}, 'another band');
});

test('a song is found by its bytes and by an earlier job, within its band and while it is kept', async () => {
  const address = { ...testAddress, chatId: randomUUID() };
  const song = newSong();
  const earlier = await jobOnSong(address, song);
  const recording = testRecording(song);
  const { jobId } = await testJob(database, { address });
  for (const reference of [{ sha256: recording.sha256 }, { earlierJobId: earlier.jobId }]) {
    assert.deepEqual(await sheets.findSong({ jobId, song: reference }), recording);
    const stranger = await testJob(database);
    assert.equal(await sheets.findSong({ jobId: stranger.jobId, song: reference }), null);
  }
  const { rows } = await client.query<{ about: boolean }>(
    'select recording_id is not null as about from job where id = $1',
    [jobId],
  );
  assert.deepEqual(rows, [{ about: true }], 'the job is about it');
  await client.query("update artefact set expires_at = now() - interval '1 day' where blob_key = $1", [
    recording.canonical.key,
  ]);
  assert.equal(await sheets.findSong({ jobId, song: { earlierJobId: earlier.jobId } }), null);
});
