import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import type { SeparationResult } from '../workflows/contract/stems.ts';
import { createJobs } from './jobs.repository.ts';
import { createLibrary } from './library.repository.ts';
import type { Library } from './library.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createRetention } from './retention.repository.ts';
import type { Retention } from './retention.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testAddress, testBlob, testJob, testPlan, testRecording, testResult } from './test-rows.ts';

const SONG = testBlob('song').sha256;

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let library: Library;
let retention: Retention;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  library = createLibrary(database);
  retention = createRetention(database);
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

beforeEach(async () => {
  await client.query('truncate band, doomed_blob cascade');
});

async function jobIn(band: string): Promise<string> {
  return (await testJob(database, { address: { ...testAddress, chatId: band } })).jobId;
}

/** A job that got as far as its result; `result` as it was saved. */
async function finishedJob(band: string, content = 'a'): Promise<{ jobId: string; result: SeparationResult }> {
  const jobId = await jobIn(band);
  const result = testResult(SONG, content, jobId);
  await library.saveRecording({
    jobId,
    source: { ...testBlob(`sources/${jobId}`), title: 'Song' },
    recording: testRecording(SONG, 'song'),
  });
  await library.saveResult({ jobId, plan: testPlan, result });
  return { jobId, result };
}

async function count(table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return rows[0]?.count ?? 0;
}

async function counts(...tables: string[]): Promise<number[]> {
  const found = [];
  for (const table of tables) found.push(await count(table));
  return found;
}

async function expire(where: string): Promise<void> {
  await client.query(`update artefact set expires_at = now() - interval '1 minute' where ${where}`);
}

async function find(jobId: string, planKey = testPlan.planKey): ReturnType<Library['findEarlier']> {
  return await library.findEarlier({ jobId, recordingSha256: SONG, planKey });
}

test('a band gets back what it has, to the last digit', async () => {
  const { result } = await finishedJob('band');
  const again = await jobIn('band');
  assert.deepEqual(await find(again), { recording: testRecording(SONG, 'song'), finished: result.finished });
  const job = await createJobs(database).find(again);
  assert.deepEqual([job?.title, job?.audioSeconds], ['Song song', 10]);
});

test('another band, another plan and other bytes have nothing', async () => {
  await finishedJob('band');
  assert.equal(await find(await jobIn('other')), null);
  assert.equal(await find(await jobIn('band'), 'plan-2'), null);
  assert.equal(
    await library.findEarlier({
      jobId: await jobIn('band'),
      recordingSha256: 'f'.repeat(64),
      planKey: testPlan.planKey,
    }),
    null,
  );
});

test('saving again changes nothing', async () => {
  const { jobId, result } = await finishedJob('band');
  const before_ = await counts('recording', 'separation', 'stem', 'artefact');
  await Promise.all([
    library.saveResult({ jobId, plan: testPlan, result }),
    library.saveResult({ jobId, plan: testPlan, result }),
  ]);
  await library.saveRecording({
    jobId,
    source: { ...testBlob(`sources/${jobId}`), title: 'Song' },
    recording: testRecording(SONG, 'song'),
  });
  assert.deepEqual(await counts('recording', 'separation', 'stem', 'artefact'), before_);
  assert.deepEqual(before_.slice(0, 3), [1, 1, 3]);
  assert.deepEqual((await find(jobId))?.finished, result.finished);
});

test('jobs that save the same song at once do not wait for each other for ever', async () => {
  const jobs = await Promise.all(Array.from({ length: 6 }, async () => await jobIn('crowd')));
  await Promise.all(
    jobs.map(async (jobId) => {
      await library.saveRecording({
        jobId,
        source: { ...testBlob(`sources/${jobId}`), title: 'Song' },
        recording: testRecording(SONG, 'song'),
      });
      await library.saveResult({ jobId, plan: testPlan, result: testResult(SONG, 'a', jobId) });
    }),
  );
  assert.deepEqual(await counts('recording', 'separation', 'stem'), [1, 1, 3]);
});

test('nor do jobs that hold the same blobs in another order', async () => {
  const { jobId, result } = await finishedJob('band');
  const turned = {
    ...result,
    finished: { ...result.finished, stems: result.finished.stems.toReversed() },
    files: result.files.toReversed(),
  };
  for (let round = 0; round < 10; round += 1) {
    await client.query('delete from separation');
    await client.query("delete from artefact where kind in ('stem', 'waveform', 'encoded', 'metadata')");
    await Promise.all(
      ['p1', 'p2', 'p3', 'p4'].map(async (planKey, index) => {
        await library.saveResult({ jobId, plan: { ...testPlan, planKey }, result: index % 2 === 0 ? result : turned });
      }),
    );
  }
  assert.equal(await count('separation'), 4);
});

test('a result that cannot be saved whole leaves no rows', async () => {
  const { jobId, result } = await finishedJob('band');
  const artefacts = await count('artefact');
  const twice = { ...result.finished, stems: [...result.finished.stems, ...result.finished.stems] };
  const broken = { ...testResult(SONG, 'b', jobId), finished: twice };
  await assert.rejects(
    library.saveResult({ jobId, plan: { ...testPlan, planKey: 'plan-2' }, result: broken }),
    /stem_separation_name_unique/,
  );
  assert.deepEqual(await counts('artefact', 'separation'), [artefacts, 1]);
});

test('working PCM that is the canonical PCM is one blob', async () => {
  const jobId = await jobIn('band');
  const recording = testRecording(SONG, 'song');
  await library.saveRecording({
    jobId,
    source: { ...testBlob('sources/s'), title: 'Song' },
    recording: { ...recording, working: recording.canonical },
  });
  assert.equal(await count('artefact'), 2);
  await library.saveResult({ jobId, plan: testPlan, result: testResult(SONG, 'a', jobId) });
  assert.deepEqual((await find(jobId))?.recording.working, recording.canonical);
});

test("an upload is kept for a day from its arrival, results for the band's time, and for good where it says so", async () => {
  const { jobId } = await finishedJob('band');
  const keeps = async (kind: string): Promise<number | null> => {
    const { rows } = await client.query<{ hours: number | null }>(
      'select round(extract(epoch from expires_at - now()) / 3600)::int as hours from artefact where kind = $1 limit 1',
      [kind],
    );
    return rows[0]?.hours ?? null;
  };
  assert.deepEqual([await keeps('source'), await keeps('stem'), await keeps('canonical')], [24, 90 * 24, 90 * 24]);
  await client.query('update band set retention_days = null');
  assert.notEqual(await find(jobId), null);
  assert.deepEqual([await keeps('source'), await keeps('stem'), await keeps('encoded')], [24, null, 90 * 24]);
  const noted = await jobIn('band');
  await library.noteSource({ jobId: noted, source: { ...testBlob('sources/refused'), title: 'x' } });
  const { rows } = await client.query(
    "select from artefact where blob_key = 'sources/refused' and expires_at < now() + interval '25 hours'",
  );
  assert.equal(rows.length, 1);
});

test('being asked for again prolongs the time', async () => {
  const { jobId } = await finishedJob('band');
  await client.query("update artefact set expires_at = now() + interval '1 hour' where kind <> 'source'");
  assert.notEqual(await find(jobId), null);
  const { rows } = await client.query(
    "select from artefact where kind in ('stem', 'waveform', 'canonical', 'working') and expires_at < now() + interval '89 days'",
  );
  assert.equal(rows.length, 0);
});

test('nothing is found again once a part of it is past its time', async () => {
  for (const part of [
    "kind = 'waveform' and blob_key like '%vocals%'",
    "kind = 'working'",
    "blob_key like '%residual.wav'",
  ]) {
    await client.query('truncate band cascade');
    const { jobId } = await finishedJob('band');
    assert.notEqual(await find(jobId), null);
    await expire(part);
    assert.equal(await find(jobId), null, part);
    await retention.takeExpired(100);
    assert.equal(await find(jobId), null, `${part}, forgotten`);
  }
});

test('forgets what is past its time, deletes an upload at once and the rest after a day', async () => {
  const { jobId } = await finishedJob('band');
  assert.deepEqual(await retention.takeExpired(100), []);
  await expire('true');
  assert.deepEqual(await retention.takeExpired(100), [`sources/${jobId}`]);
  assert.deepEqual(await counts('artefact', 'separation', 'stem', 'recording'), [0, 0, 0, 1]);
  assert.deepEqual(await retention.takeExpired(100), [], 'it is being deleted');
  await client.query("update doomed_blob set delete_after = delete_after - interval '25 hours'");
  const due = await retention.takeExpired(100);
  assert.equal(due.length, new Set(due).size);
  assert.equal(due.length, 11);
  assert.ok(due.includes(`sources/${jobId}`), 'not confirmed, so it comes again');
  await retention.confirmDeleted(due);
  await client.query('update doomed_blob set delete_after = now()');
  assert.deepEqual(await retention.takeExpired(100), []);
});

test('a blob that another band holds stays', async () => {
  await finishedJob('band');
  const { jobId } = await finishedJob('other');
  await expire("band_id <> (select band_id from job where id = '" + jobId + "') and kind <> 'source'");
  assert.deepEqual(await retention.takeExpired(100), []);
  const { rows } = await client.query<{ blob_key: string }>('select blob_key from doomed_blob');
  assert.deepEqual(
    rows.map(({ blob_key: key }) => key.split('/')[0]),
    ['metadata'],
  );
  assert.notEqual(await find(jobId), null);
});

test('a blob that is needed again before it is deleted stays', async () => {
  await finishedJob('band');
  await expire("kind <> 'source'");
  await retention.takeExpired(100);
  assert.equal(await count('doomed_blob'), 10);
  await finishedJob('band');
  await client.query("update doomed_blob set delete_after = now() - interval '1 hour'");
  assert.deepEqual(
    (await retention.takeExpired(100)).map((key) => key.split('/')[0]),
    ['metadata'],
  );
});

test('a blob that is forgotten again has its day again', async () => {
  await finishedJob('band');
  await expire("kind <> 'source'");
  await retention.takeExpired(100);
  await client.query("update doomed_blob set delete_after = now() + interval '1 second'");
  await finishedJob('band');
  await expire("kind <> 'source'");
  await client.query(
    "update doomed_blob set delete_after = now() - interval '1 hour' where blob_key not like 'metadata/%'",
  );
  assert.deepEqual(await retention.takeExpired(100), []);
});

test('takes so many at a time, and two sweeps take different ones', async () => {
  await finishedJob('band');
  await expire('true');
  await Promise.all([retention.takeExpired(4), retention.takeExpired(4)]);
  assert.equal(await count('artefact'), 3);
  await retention.takeExpired(4);
  await client.query("update doomed_blob set delete_after = now() - interval '1 hour'");
  const taken = (await Promise.all([retention.takeExpired(6), retention.takeExpired(6)])).flat();
  assert.equal(taken.length, 11);
  assert.equal(new Set(taken).size, 11);
});

test('dooms what nobody holds, a day later', async () => {
  const { jobId } = await finishedJob('band');
  const found = ['chunks/a', 'chunks/b', `sources/${jobId}`, 'stems/a/vocals.wav'];
  assert.equal(await retention.doomUnheld(found), 2);
  assert.equal(await retention.doomUnheld(found), 0);
  assert.equal(await retention.doomUnheld([]), 0);
  assert.deepEqual(await retention.takeExpired(10), []);
  await client.query('update doomed_blob set delete_after = now()');
  assert.deepEqual((await retention.takeExpired(10)).toSorted(), ['chunks/a', 'chunks/b']);
});

test('a sweep and a request for the same song at once: it is found whole or not at all', async () => {
  for (let round = 0; round < 8; round += 1) {
    await client.query('truncate band, doomed_blob cascade');
    const { jobId } = await finishedJob('band');
    await expire(round % 2 === 0 ? "kind = 'stem'" : "blob_key like '%vocals.wav'");
    const [found] = await Promise.all([find(jobId), retention.takeExpired(100), retention.takeExpired(100)]);
    assert.equal(found, null);
    await library.saveResult({ jobId, plan: testPlan, result: testResult(SONG, 'a', jobId) });
    assert.notEqual(await find(jobId), null);
  }
});

test('an unknown job is an error, not an empty library', async () => {
  await assert.rejects(find(randomUUID()));
});
