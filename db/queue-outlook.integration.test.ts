import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import type { JobOutcome } from '../workflows/contract/job.ts';
import type { Requester } from '../workflows/contract/request.ts';
import { createJobs } from './jobs.repository.ts';
import type { Jobs } from './jobs.repository.ts';
import { createLinkWaits } from './link-waits.repository.ts';
import type { LinkWaits } from './link-waits.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testJob, testResult } from './test-rows.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let jobs: Jobs;
let waits: LinkWaits;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  jobs = createJobs(database);
  waits = createLinkWaits(database, 'always');
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

beforeEach(async () => {
  await client.query('truncate job cascade');
});

const CANCELLED: JobOutcome = { state: 'cancelled' };
const DONE: JobOutcome = { state: 'done', reused: false, result: testResult() };
const FAST_VOCALS = { kind: 'split', strategy: 'vocals', quality: 'fast' } as const;

/** A job of somebody whose account is linked to nothing. */
async function unlinkedJob(): Promise<string> {
  const requester: Requester = { platform: 'discord', userId: randomUUID(), displayName: 'Nobody' };
  const address = { platform: 'discord', botId: 'bot', chatId: randomUUID(), threadId: null } as const;
  return (await testJob(database, { address, requester, linking: 'always' })).jobId;
}

test('counts who is before a job in the queue', async () => {
  const made = [];
  for (let index = 0; index < 5; index += 1) made.push((await testJob(database)).jobId);
  const last = made[4] ?? '';
  assert.equal(await jobs.queuePlace(last), 4);
  assert.equal(await jobs.queuePlace(made[0] ?? ''), 0);
  await jobs.end(made[0] ?? '', CANCELLED);
  await jobs.report({ jobId: made[1] ?? '', stage: 'encode', fraction: 0 });
  await jobs.report({ jobId: made[2] ?? '', stage: 'separate', fraction: 0 });
  assert.equal(await jobs.queuePlace(last), 2);
  await client.query(`update job set turn = 'later' where id = $1`, [made[3]]);
  assert.equal(await jobs.queuePlace(last), 1, 'it begins once others of its asker are done');
  assert.equal(await jobs.queuePlace(randomUUID()), 0);
});

test('estimates by the median of the last twenty jobs that computed', async () => {
  const estimate = async (): Promise<number | null> =>
    await jobs.estimateSeconds({ work: FAST_VOCALS, audioSeconds: 200 });
  assert.equal(await estimate(), null);
  const finished = async (workSeconds: number, endedAgoSeconds: number, computed = true): Promise<void> => {
    const { jobId } = await testJob(database);
    if (computed) await jobs.report({ jobId, stage: 'separate', fraction: 0 });
    await jobs.end(jobId, DONE);
    await client.query(
      `update job set audio_seconds = 100, ended_at = now() - make_interval(secs => $2),
         separating_at = separating_at - separating_at + now() - make_interval(secs => $2 + $3) where id = $1`,
      [jobId, endedAgoSeconds, workSeconds],
    );
  };
  for (let old = 0; old < 10; old += 1) await finished(90, 10_000);
  for (let index = 0; index < 20; index += 1) await finished(index < 10 ? 10 : 30, 100 + index);
  for (let reused = 0; reused < 4; reused += 1) await finished(1, reused, false);
  assert.ok(Math.abs(((await estimate()) ?? 0) - 40) < 1e-6);
  assert.equal(await jobs.estimateSeconds({ work: { ...FAST_VOCALS, quality: 'best' }, audioSeconds: 200 }), null);
});

test('what is done and waits until its asker has linked an account is before nobody', async () => {
  const [one, other] = [await unlinkedJob(), await unlinkedJob()];
  const { jobId: last } = await testJob(database);
  for (const jobId of [one, other]) await jobs.report({ jobId, stage: 'listen', fraction: 1 });
  assert.equal(await jobs.queuePlace(last), 2, 'while it is computed it counts');
  await waits.note({ jobId: one, stage: 'result', endsAt: null });
  assert.equal(await jobs.queuePlace(last), 1);
  await waits.note({ jobId: other, stage: 'late', endsAt: null });
  assert.equal(await jobs.queuePlace(last), 0);
});

test('the time in which a result waited for its asker is no work', async () => {
  const jobId = await unlinkedJob();
  await jobs.report({ jobId, stage: 'separate', fraction: 1 });
  await waits.note({ jobId, stage: 'result', endsAt: null });
  await waits.note({ jobId, stage: 'late', endsAt: null });
  await jobs.end(jobId, DONE);
  // Ten seconds of work, of which the link came two hours after.
  await client.query(
    `update job set audio_seconds = 100, separating_at = resting_at - interval '10 seconds', ended_at = resting_at + interval '2 hours'`,
  );
  const estimate = await jobs.estimateSeconds({ work: FAST_VOCALS, audioSeconds: 200 });
  assert.ok(estimate !== null && Math.abs(estimate - 20) < 1e-6, String(estimate));
});

test('it began to wait when it first did; who is linked waits for nothing', async () => {
  const jobId = await unlinkedJob();
  const restingAt = async (): Promise<Date | null> => {
    const { rows } = await client.query<{ at: Date | null }>('select resting_at as at from job where id = $1', [jobId]);
    return rows[0]?.at ?? null;
  };
  await waits.note({ jobId, stage: 'work', endsAt: null });
  assert.equal(await restingAt(), null);
  await waits.note({ jobId, stage: 'result', endsAt: null });
  const first = await restingAt();
  assert.ok(first !== null);
  await waits.note({ jobId, stage: 'late', endsAt: null });
  assert.deepEqual(await restingAt(), first);
  const { jobId: linked } = await testJob(database, { linking: 'always' });
  assert.deepEqual(await waits.note({ jobId: linked, stage: 'result', endsAt: null }), { isLinked: true });
  const { rows } = await client.query('select from job where id = $1 and resting_at is null', [linked]);
  assert.equal(rows.length, 1);
});

test('sheets are estimated by those of their kind', async () => {
  const sheet = async (kind: string, workSeconds: number): Promise<void> => {
    const { jobId } = await testJob(database);
    await jobs.report({ jobId, stage: 'listen', fraction: 1 });
    await jobs.end(jobId, DONE);
    await client.query(
      `update job set strategy = null, quality = null, plan = jsonb_build_object('kind', $2::text), audio_seconds = 100,
         separating_at = ended_at - make_interval(secs => $3) where id = $1`,
      [jobId, kind, workSeconds],
    );
  };
  for (const [kind, workSeconds] of [
    ['analysis', 3],
    ['analysis', 5],
    ['analysis', 4],
    ['chords', 12],
    ['tab', 90],
  ] as const) {
    await sheet(kind, workSeconds);
  }
  const estimates = [];
  for (const kind of ['analyze', 'chords'] as const) {
    estimates.push(await jobs.estimateSeconds({ work: { kind }, audioSeconds: 200 }));
  }
  assert.deepEqual(
    estimates.map((seconds) => Math.round(seconds ?? 0)),
    [8, 24],
  );
  assert.equal(await jobs.estimateSeconds({ work: FAST_VOCALS, audioSeconds: 200 }), null);
});
