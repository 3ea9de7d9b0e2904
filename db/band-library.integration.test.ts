import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { createAudit } from './audit.repository.ts';
import { createBandLibrary } from './band-library.repository.ts';
import type { BandLibrary, ListedRecording } from './band-library.repository.ts';
import { createJobs } from './jobs.repository.ts';
import { createLibrary } from './library.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createRetention } from './retention.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { addBand, addMember, addSong } from './test-library.ts';
import { repeatingTransactions } from './test-repetition.ts';
import { testPlan, testResult } from './test-rows.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let library: BandLibrary;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  library = createBandLibrary(database);
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

beforeEach(async () => {
  await client.query('truncate band, member, doomed_blob, audit_event cascade');
});

async function rows(table: string, where = 'true'): Promise<number> {
  const found = await client.query<{ count: number }>(`select count(*)::int as count from ${table} where ${where}`);
  return found.rows[0]?.count ?? 0;
}

async function listAll(memberId: string, bandId: string, search = ''): Promise<ListedRecording[]> {
  return [...(await library.listRecordings(memberId, { bandId, search, limit: 100 })).recordings];
}

test('a member sees a song of their band with all that is kept of it', async () => {
  const band = await addBand(database, 'The Band');
  const member = await addMember(client, band.id);
  const song = await addSong(database, { chat: band.chat, title: 'Blue Train' });
  const view = await library.recordingFor(member, song.recordingId);
  assert.ok(view !== null);
  assert.deepEqual(
    [view.id, view.bandId, view.bandName, view.title, view.durationSeconds, view.sha256],
    [song.recordingId, band.id, 'The Band', 'Blue Train', 10, song.sha256],
  );
  assert.ok(view.canonical?.rateHz === 44_100 && view.working?.samples === 441_000);
  const [separation] = view.separations;
  assert.ok(separation !== undefined && view.separations.length === 1);
  assert.deepEqual(
    [separation.strategy, separation.quality, separation.planKey, separation.nullDepthDb],
    [testPlan.strategy, testPlan.quality, testPlan.planKey, 93.125],
  );
  const { stems, residual } = song.result.finished;
  assert.deepEqual(separation.stems, [
    ...stems.map((stem) => ({ ...stem, isResidual: false })),
    { ...residual, isResidual: true },
  ]);
  assert.deepEqual(
    separation.files.map(({ fileName, blob }) => [fileName, blob]),
    song.result.files
      .filter(({ fileName }) => fileName.endsWith('.opus'))
      .map(({ fileName, blob }) => [fileName, blob]),
  );
  const days = ((separation.keptUntil?.getTime() ?? 0) - Date.now()) / 86_400_000;
  assert.ok(days > 89 && days <= 90, `kept for ${String(days)} days`);
  assert.ok(Math.abs(view.createdAt.getTime() - Date.now()) < 3_600_000);
  const [job] = view.jobs;
  assert.deepEqual([job?.code, job?.state, job?.requestedBy], [song.code, 'queued', 'Me']);
  const { rows: held } = await client.query<{ bytes: number }>(
    "select sum(bytes)::int as bytes from artefact where kind <> 'source'",
  );
  assert.equal(view.bytes, held[0]?.bytes);
});

test('what is past its time is not shown, though nobody has swept yet', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  const song = await addSong(database, { chat: band.chat });
  await client.query("update artefact set expires_at = now() - interval '1 minute' where blob_key like '%vocals.wav'");
  assert.deepEqual((await library.recordingFor(member, song.recordingId))?.separations, []);
  assert.deepEqual((await listAll(member, band.id))[0]?.strategies, []);
  assert.ok((await library.recordingFor(member, song.recordingId))?.canonical !== null);
  await client.query("update artefact set expires_at = now() - interval '1 minute'");
  const view = await library.recordingFor(member, song.recordingId);
  assert.deepEqual([view?.canonical, view?.working, view?.bytes], [null, null, 0]);
});

test('a band that keeps everything has songs that end on no day', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  await client.query('update band set retention_days = null');
  const song = await addSong(database, { chat: band.chat });
  assert.equal((await library.recordingFor(member, song.recordingId))?.separations[0]?.keptUntil, null);
  assert.equal((await listAll(member, band.id))[0]?.keptUntil, null);
});

test('a library is read page by page, newest first, each song once, also when songs come meanwhile', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  const titles = Array.from({ length: 7 }, (_, index) => `Song ${String(index)}`);
  for (const title of titles) await addSong(database, { chat: band.chat, title });
  // Two of one instant: the id decides.
  await client.query(
    "update recording set created_at = '2026-03-01 12:00:00.123456+00' where title in ('Song 2', 'Song 3')",
  );
  const found: string[] = [];
  for (let cursor: string | null = null, page = 0; page === 0 || cursor !== null; page += 1) {
    const { recordings, next } = await library.listRecordings(member, { bandId: band.id, before: cursor, limit: 2 });
    found.push(...recordings.map(({ title }) => title));
    if (page === 0) await addSong(database, { chat: band.chat, title: 'Newer' });
    cursor = next;
    assert.ok(page < 10);
  }
  assert.deepEqual(found.slice(0, 5), ['Song 6', 'Song 5', 'Song 4', 'Song 1', 'Song 0']);
  assert.deepEqual(found.slice(5).toSorted(), ['Song 2', 'Song 3']);
});

test('a search finds titles by their words, whatever the case, and takes no character for more than itself', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  const titles = ['Blue Train', 'Blue in Green', '100% ?_ "Wolf" \\', 'Überfall', "Robert'); drop table band;"];
  for (const title of titles) await addSong(database, { chat: band.chat, title });
  const search = async (words: string): Promise<string[]> =>
    (await listAll(member, band.id, words)).map(({ title }) => title).toSorted();
  assert.deepEqual(await search('blue'), ['Blue Train', 'Blue in Green']);
  assert.deepEqual(await search(' train  BLUE '), ['Blue Train']);
  assert.deepEqual(await search('überF'), ['Überfall']);
  assert.deepEqual(await search('%'), ['100% ?_ "Wolf" \\']);
  assert.deepEqual(await search('_'), ['100% ?_ "Wolf" \\']);
  assert.deepEqual(await search('?'), ['100% ?_ "Wolf" \\']);
  assert.deepEqual(await search('"wolf" \\'), ['100% ?_ "Wolf" \\']);
  assert.deepEqual(await search("'); drop"), ["Robert'); drop table band;"]);
  assert.deepEqual(await search('nothing'), []);
  assert.equal((await search('')).length, titles.length);
  assert.equal((await search('{a,"b"}')).length, 0);
});

test('a song shows what runs on it, and jobs are listed with those that have no song yet', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  const song = await addSong(database, { chat: band.chat, title: 'Blue Train' });
  await createJobs(database).report({ jobId: song.jobId, stage: 'separate', fraction: 0.5 });
  const [listed] = await listAll(member, band.id);
  assert.deepEqual(listed?.running, [{ code: song.code, state: 'running', stage: 'separate', fraction: 0.5 }]);
  assert.ok(listed.createdAt instanceof Date && listed.bytes > 0);
  await createJobs(database).end(song.jobId, { state: 'failed', failure: { code: 'internal', facts: {} } });
  assert.deepEqual((await listAll(member, band.id))[0]?.running, []);
  const waiting = await addSong(database, { chat: band.chat, stopAfter: 'opened' });
  const jobs = await library.listJobs(member, { bandId: band.id, limit: 10 });
  assert.deepEqual(
    jobs.map(({ code, state, title, recordingId }) => [code, state, title, recordingId]),
    [
      [waiting.code, 'queued', 'song.mp3', null],
      [song.code, 'failed', 'Blue Train', song.recordingId],
    ],
  );
  assert.equal(jobs[1]?.failure?.code, 'internal');
  assert.ok(jobs[1]?.endedAt instanceof Date && jobs[0]?.endedAt === null);
  const unfinished = await library.listJobs(member, { bandId: band.id, limit: 10, unfinishedOnly: true });
  assert.deepEqual(
    unfinished.map(({ code }) => code),
    [waiting.code],
  );
});

test('bands come with how many songs they have, the last used first', async () => {
  const old = await addBand(database, 'Old');
  const busy = await addBand(database, 'Busy');
  const quiet = await addBand(database, 'Quiet');
  const member = await addMember(client, old.id, busy.id, quiet.id);
  await addSong(database, { chat: old.chat });
  await addSong(database, { chat: busy.chat });
  await addSong(database, { chat: busy.chat });
  await addBand(database, 'Of others');
  assert.deepEqual(
    (await library.bandsOf(member)).map(({ name, recordings }) => [name, recordings]),
    [
      ['Busy', 2],
      ['Old', 1],
      ['Quiet', 0],
    ],
  );
  assert.deepEqual(await library.bandsOf(randomUUID()), []);
});

test('a song gets another name, fit for display, and the audit log an entry', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  const song = await addSong(database, { chat: band.chat });
  assert.equal(await library.rename(member, song.recordingId, '  Giant\u202E \n Steps '), 'Giant Steps');
  assert.equal((await library.recordingFor(member, song.recordingId))?.title, 'Giant Steps');
  const [entry] = await createAudit(database).list(1);
  assert.deepEqual(
    [entry?.kind, entry?.memberId, entry?.bandId, entry?.facts],
    ['recording.renamed', member, band.id, { recordingId: song.recordingId }],
  );
  assert.equal(await library.rename(await addMember(client), song.recordingId, 'Mine'), null);
  assert.equal((await library.recordingFor(member, song.recordingId))?.title, 'Giant Steps');
});

test('a deleted song frees its bytes and the share of them; what other songs and bands hold stays', async () => {
  const band = await addBand(database);
  const other = await addBand(database);
  const member = await addMember(client, band.id);
  const song = await addSong(database, { chat: band.chat, title: 'Gone', content: 'a' });
  const same = await addSong(database, { chat: other.chat, title: 'Theirs', content: 'a' });
  const kept = await addSong(database, { chat: band.chat, title: 'Kept', content: 'b' });
  for (const { jobId } of [song, same, kept]) {
    await createJobs(database).end(jobId, { state: 'done', result: testResult(), reused: false });
    await client.query(
      `insert into share_use (job_id, member_id, band_id, kind, amount)
       select job.id, member_id, band_id, kind, 5 from job join chat_identity on chat_identity.id = requester_id,
         unnest(array['audio', 'bytes']) as kind where job.id = $1`,
      [jobId],
    );
  }
  assert.equal(await library.remove(member, song.recordingId), 'removed');
  assert.equal(await library.recordingFor(member, song.recordingId), null);
  assert.deepEqual([await rows('recording'), await rows('separation'), await rows('job')], [2, 2, 3]);
  assert.equal(await rows('artefact', `band_id = '${band.id}'`), await rows('artefact', `band_id = '${other.id}'`));
  const back = await client.query<{ job_id: string; kind: string }>(
    'select job_id, kind from share_use where given_back_at is not null',
  );
  assert.deepEqual(back.rows, [{ job_id: song.jobId, kind: 'bytes' }]);
  const retention = createRetention(database);
  assert.deepEqual(await retention.takeExpired(100), [`sources/${song.jobId}`], 'the upload goes at once');
  await client.query("update doomed_blob set delete_after = now() - interval '1 minute'");
  const deleted = await retention.takeExpired(100);
  assert.ok(!deleted.some((key) => key.startsWith('stems/a/') || key.startsWith('stems/b/')), deleted.join(' '));
  assert.deepEqual(deleted.filter((key) => !key.startsWith('sources/')).toSorted(), [
    `metadata/${song.jobId}.json`,
    `pcm/${song.jobId}/canonical.wav`,
    `pcm/${song.jobId}/working.wav`,
  ]);
  assert.deepEqual(
    (await createAudit(database).list(9)).map(({ kind }) => kind),
    ['recording.deleted'],
  );
  assert.equal((await library.recordingFor(member, kept.recordingId))?.separations.length, 1);
});

test('a song of which two uploads are kept can be deleted once, and the other still plays', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  const first = await addSong(database, { chat: band.chat, content: 'a' });
  const second = await addSong(database, { chat: band.chat, content: 'a' });
  for (const { jobId } of [first, second]) await createJobs(database).end(jobId, { state: 'cancelled' });
  assert.equal(await library.remove(member, first.recordingId), 'removed');
  assert.equal((await library.recordingFor(member, second.recordingId))?.separations[0]?.stems.length, 3);
});

test('a song that a job works on is not deleted', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  const song = await addSong(database, { chat: band.chat });
  assert.equal(await library.remove(member, song.recordingId), 'busy');
  assert.ok((await library.recordingFor(member, song.recordingId)) !== null);
  assert.equal(await rows('audit_event'), 0);
});

test('a stranger cannot delete, and a deletion whose answer was lost is one all the same', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  const song = await addSong(database, { chat: band.chat });
  await createJobs(database).end(song.jobId, { state: 'cancelled' });
  const stranger = await addMember(client, (await addBand(database)).id);
  assert.equal(await library.remove(stranger, song.recordingId), 'none');
  assert.equal(await rows('recording'), 1);
  const repeated = createBandLibrary(repeatingTransactions(database));
  assert.equal(await repeated.remove(member, song.recordingId), 'removed');
  assert.equal(await repeated.remove(member, song.recordingId), 'none');
});

test('a job that takes up a song while it is being deleted waits, and finds it gone', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  const song = await addSong(database, { chat: band.chat });
  await createJobs(database).end(song.jobId, { state: 'cancelled' });
  const late = await addSong(database, { chat: band.chat, stopAfter: 'opened' });
  const wanted = { jobId: late.jobId, recordingSha256: song.sha256, planKey: testPlan.planKey };
  const [removed, found] = await Promise.allSettled([
    library.remove(member, song.recordingId),
    createLibrary(database).findEarlier(wanted),
  ]);
  assert.equal(removed.status, 'fulfilled');
  // Whoever came first: a deleted song is nobody's result, and what a job has found is not deleted.
  if (removed.value === 'removed') {
    assert.equal(await createLibrary(database).findEarlier(wanted), null);
    assert.equal(await rows('recording'), 0);
  } else {
    assert.equal(removed.value, 'busy');
    assert.ok(found.status === 'fulfilled' && found.value !== null);
  }
});

test('nothing is found by an id that is none', async () => {
  const member = await addMember(client, (await addBand(database)).id);
  for (const id of ['', 'x', "' or true --", randomUUID()]) {
    assert.equal(await library.recordingFor(member, id), null);
    assert.equal(await library.rename(member, id, 'x'), null);
    assert.equal(await library.remove(member, id), 'none');
    assert.deepEqual(await library.listRecordings(member, { bandId: id, limit: 5 }), { recordings: [], next: null });
    assert.deepEqual(await library.listJobs(member, { bandId: id, limit: 5 }), []);
  }
});

test('a cursor that is none of ours begins at the beginning', async () => {
  const band = await addBand(database);
  const member = await addMember(client, band.id);
  await addSong(database, { chat: band.chat });
  const { recordings } = await library.listRecordings(member, { bandId: band.id, before: "1' --", limit: 5 });
  assert.equal(recordings.length, 1);
});
