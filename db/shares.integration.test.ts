import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { Client } from 'pg';
import type { FailureReport } from '../workflows/contract/failure.ts';
import type { JobRequest, Requester } from '../workflows/contract/request.ts';
import { createInbox } from './inbox.repository.ts';
import { createIdentities } from './identities.repository.ts';
import { createJobs } from './jobs.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createShares } from './shares.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { repeatingTransactions } from './test-repetition.ts';
import { testAddress, testPlan } from './test-rows.ts';

const LIMITS = {
  jobsPerMemberAndHour: 5,
  audioMinutesPerBandAndDay: 10,
  megabytesPerBandAndDay: 100,
  commandsPerMemberAndMinute: 3,
};

const SOURCE = { kind: 'attachment', reference: '/song.mp3', name: 'song.mp3', declaredBytes: 7 } as const;

let testDatabase: TestDatabase;
let database: Database;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url, { poolSize: 16 });
});
after(async () => {
  await database.close();
  await testDatabase.close();
});

function somebody(): Requester {
  return { platform: 'discord', userId: randomUUID(), displayName: 'Ana' };
}

async function open(
  requester: Requester,
  chatId: string,
  other?: JobRequest['command'],
): Promise<{ readonly jobId: string; readonly refusal: FailureReport | null; readonly bandId: string }> {
  const jobs = createJobs(database, { jobsPerMemberAndHour: LIMITS.jobsPerMemberAndHour });
  const address = { ...testAddress, chatId };
  const command: JobRequest['command'] = other ?? {
    kind: 'split',
    source: SOURCE,
    strategy: 'vocals',
    quality: 'fast',
    format: 'wav',
    pick: { kind: 'all' },
  };
  const draft = { address, requester, command };
  const { id } = await createInbox(database).accept({
    platform: 'console',
    botId: 'local',
    eventKey: randomUUID(),
    payload: { kind: 'job', request: draft },
  });
  const opened = await jobs.open({
    request: { ...draft, inboundEventId: id },
    workflowId: randomUUID(),
    plan: testPlan,
  });
  return { ...opened, bandId: (await jobs.find(opened.jobId))?.bandId ?? '' };
}

test('of a hundred that start at once, exactly as many are admitted as the share holds', async () => {
  const requester = somebody();
  const chat = randomUUID();
  // Known already: nothing but the share makes them wait for each other.
  await createIdentities(database).resolve({ ...testAddress, chatId: chat }, requester);
  const opened = await Promise.all(Array.from({ length: 100 }, async () => await open(requester, chat)));
  const refused = opened.filter(({ refusal }) => refusal !== null);
  assert.equal(opened.length - refused.length, LIMITS.jobsPerMemberAndHour);
  for (const { refusal } of refused) {
    assert.equal(refusal?.code, 'quota-jobs');
    assert.equal(refusal?.facts['limit'], LIMITS.jobsPerMemberAndHour);
    const minutes = Number(refusal?.facts['minutesUntilFree']);
    assert.ok(minutes > 55 && minutes <= 60, String(minutes));
  }
  // Somebody else in the same chat has a share of their own.
  assert.equal((await open(somebody(), chat)).refusal, null);
});

test('what failed is given back exactly, however often', async () => {
  const requester = somebody();
  const chat = randomUUID();
  const jobs = createJobs(database);
  const shares = createShares(database, LIMITS);
  const failures = [
    { state: 'refused', failure: { code: 'not-audio', facts: {} } },
    { state: 'failed', failure: { code: 'internal', facts: {} } },
    { state: 'cancelled' },
  ] as const;
  for (let round = 0; round < 200; round += 1) {
    const opened = await Promise.all(Array.from({ length: 5 }, async () => await open(requester, chat)));
    assert.ok(opened.every(({ refusal }) => refusal === null));
    await Promise.all(
      opened.map(async ({ jobId }, index) => {
        await shares.reserveAudio({ jobId, seconds: 60, bytes: 1_000_000 });
        const outcome = failures[index % failures.length] ?? failures[0];
        // The end of a job is told again when its worker died.
        await Promise.all([jobs.end(jobId, outcome), jobs.end(jobId, outcome)]);
      }),
    );
  }
  const { bandId } = await open(requester, chat);
  const left = (await shares.left(bandId, requester)) ?? assert.fail();
  assert.equal(left.jobs.left, LIMITS.jobsPerMemberAndHour - 1);
  assert.equal(left.audioMinutes.left, LIMITS.audioMinutesPerBandAndDay);
  assert.equal(left.megabytes.left, LIMITS.megabytesPerBandAndDay);
});

test('what is cancelled while it computes has been used', async () => {
  const requester = somebody();
  const { jobId, bandId } = await open(requester, randomUUID());
  const jobs = createJobs(database);
  await jobs.report({ jobId, stage: 'separate', fraction: 0.5 });
  await jobs.end(jobId, { state: 'cancelled' });
  const left = (await createShares(database, LIMITS).left(bandId, requester)) ?? assert.fail();
  assert.equal(left.jobs.left, LIMITS.jobsPerMemberAndHour - 1);
});

test('a band has so many minutes and megabytes a day, and is told what is left and when more is', async () => {
  const chat = randomUUID();
  const shares = createShares(database, LIMITS);
  const first = await open(somebody(), chat);
  await shares.reserveAudio({ jobId: first.jobId, seconds: 8 * 60, bytes: 10_000_000 });
  // Told better after decoding: replaced, not added.
  await shares.reserveAudio({ jobId: first.jobId, seconds: 7 * 60, bytes: 10_000_000 });
  const second = await open(somebody(), chat);
  await assert.rejects(
    shares.reserveAudio({ jobId: second.jobId, seconds: 4 * 60, bytes: 1 }),
    (error) =>
      error instanceof ApplicationFailure &&
      error.type === 'quota-minutes' &&
      JSON.stringify(error.details) === JSON.stringify([{ limit: 10, left: 3, hoursUntilFree: 24 }]),
  );
  await assert.rejects(
    shares.reserveAudio({ jobId: second.jobId, seconds: 1, bytes: 95_000_000 }),
    (error) => error instanceof ApplicationFailure && error.type === 'quota-bytes',
  );
  await shares.reserveAudio({ jobId: second.jobId, seconds: 3 * 60, bytes: 1 });
  const left = (await shares.left(first.bandId, somebody())) ?? assert.fail();
  assert.deepEqual([left.audioMinutes.left, left.audioMinutes.limit], [0, 10]);
  assert.ok((left.audioMinutes.freeInSeconds ?? 0) > 86_000);
});

test('of many songs of one band that are reserved at once, no more fit than the day holds', async () => {
  const chat = randomUUID();
  const shares = createShares(database, LIMITS);
  const jobs = await Promise.all(Array.from({ length: 20 }, async () => await open(somebody(), chat)));
  const results = await Promise.allSettled(
    jobs.map(async ({ jobId }) => await shares.reserveAudio({ jobId, seconds: 3 * 60, bytes: 1 })),
  );
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 3);
});

test('what is asked of a job that has ended takes nothing', async () => {
  const requester = somebody();
  const jobs = createJobs(database, { jobsPerMemberAndHour: LIMITS.jobsPerMemberAndHour });
  const shares = createShares(database, LIMITS);
  const { jobId, bandId } = await open(requester, randomUUID());
  const job = await jobs.find(jobId);
  assert.ok(job !== null);
  await jobs.end(jobId, { state: 'cancelled' });
  // Attempts that were taken for dead.
  await Promise.all([
    jobs.open({ request: job.request, workflowId: job.workflowId, plan: testPlan }),
    shares.reserveAudio({ jobId, seconds: 60, bytes: 1_000_000 }),
  ]);
  const left = (await shares.left(bandId, requester)) ?? assert.fail();
  assert.deepEqual(
    [left.jobs.left, left.audioMinutes.left, left.megabytes.left, left.jobs.freeInSeconds],
    [LIMITS.jobsPerMemberAndHour, LIMITS.audioMinutesPerBandAndDay, LIMITS.megabytesPerBandAndDay, null],
  );
});

test('what is reserved and given back again, since the answers were lost, is counted once', async () => {
  const requester = somebody();
  const forgetful = repeatingTransactions(database);
  const jobs = createJobs(forgetful, { jobsPerMemberAndHour: LIMITS.jobsPerMemberAndHour });
  const shares = createShares(forgetful, LIMITS);
  const { jobId, bandId } = await open(requester, randomUUID());
  const { request, workflowId } = (await jobs.find(jobId)) ?? assert.fail();
  assert.equal((await jobs.open({ request, workflowId, plan: testPlan })).refusal, null);
  await shares.reserveAudio({ jobId, seconds: 240, bytes: 1_000_000 });
  const left = async (): Promise<number[]> => {
    const { jobs: songs, audioMinutes, megabytes } = (await shares.left(bandId, requester)) ?? assert.fail();
    return [songs.left, audioMinutes.left, megabytes.left];
  };
  assert.deepEqual(await left(), [4, 6, 99]);
  await jobs.end(jobId, { state: 'failed', failure: { code: 'internal', facts: {} } });
  assert.deepEqual(await left(), [5, 10, 100]);
});

test('reserving and ending at the same time leaves nothing reserved', async () => {
  const requester = somebody();
  const chat = randomUUID();
  const jobs = createJobs(database);
  const shares = createShares(database, LIMITS);
  for (let round = 0; round < 40; round += 1) {
    const { jobId } = await open(requester, chat);
    await Promise.all([
      shares.reserveAudio({ jobId, seconds: 540, bytes: 1 }),
      jobs.end(jobId, { state: 'cancelled' }),
    ]);
  }
  const { bandId } = await open(requester, chat);
  assert.equal(
    ((await shares.left(bandId, requester)) ?? assert.fail()).audioMinutes.left,
    LIMITS.audioMinutesPerBandAndDay,
  );
});

test('says when what was asked for fits, not when anything frees', async () => {
  const chat = randomUUID();
  const shares = createShares(database, LIMITS);
  const client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  // One, two and three hours ago, two minutes each, the oldest first to be free: in 21, 22 and 23 hours.
  for (const hoursAgo of [3, 2, 1]) {
    const { jobId } = await open(somebody(), chat);
    await shares.reserveAudio({ jobId, seconds: 120, bytes: 1 });
    await client.query('update share_use set created_at = now() - make_interval(hours => $2) where job_id = $1', [
      jobId,
      hoursAgo,
    ]);
  }
  await client.end();
  const { jobId } = await open(somebody(), chat);
  for (const [minutes, hours] of [
    [5, 21],
    [6.5, 22],
    [10, 23],
    [11, 24],
  ] as const) {
    await assert.rejects(
      shares.reserveAudio({ jobId, seconds: minutes * 60, bytes: 1 }),
      (error) =>
        error instanceof ApplicationFailure &&
        JSON.stringify(error.details) === JSON.stringify([{ limit: 10, left: 4, hoursUntilFree: hours }]),
    );
  }
});

test('what takes seconds is free, before the share is used up and after', async () => {
  const requester = somebody();
  const chat = randomUUID();
  const analyze = { kind: 'analyze', source: SOURCE, facts: {} } as const;
  for (let song = 0; song <= LIMITS.jobsPerMemberAndHour; song += 1) {
    assert.equal((await open(requester, chat, analyze)).refusal, null);
  }
  for (let song = 0; song < LIMITS.jobsPerMemberAndHour; song += 1) {
    assert.equal((await open(requester, chat)).refusal, null);
  }
  assert.equal(
    (await open(requester, chat, { kind: 'lyrics', source: SOURCE, given: null })).refusal?.code,
    'quota-jobs',
  );
  assert.equal((await open(requester, chat, analyze)).refusal, null);
});

test('whoever sits at the machine has no shares', async () => {
  const requester = { ...somebody(), platform: 'console' } as const;
  const chat = randomUUID();
  const shares = createShares(database, LIMITS);
  for (let song = 0; song <= LIMITS.jobsPerMemberAndHour; song += 1) {
    const { jobId, refusal } = await open(requester, chat);
    assert.equal(refusal, null);
    await shares.reserveAudio({ jobId, seconds: 3600, bytes: 1e9 });
  }
  for (let command = 0; command <= LIMITS.commandsPerMemberAndMinute; command += 1) {
    assert.ok((await shares.countCommand(requester)).allowed);
  }
  const { bandId } = await open(requester, chat);
  assert.equal(await shares.left(bandId, requester), null);
});

test('commands are counted by the minute, for each person', async () => {
  const shares = createShares(database, LIMITS);
  const requester = somebody();
  const counted = await Promise.all(Array.from({ length: 10 }, async () => await shares.countCommand(requester)));
  // A minute may end meanwhile.
  const allowed = counted.filter((answer) => answer.allowed).length;
  assert.ok(allowed === 3 || allowed === 6, String(allowed));
  for (const answer of counted) {
    assert.ok(answer.allowed || (answer.freeInSeconds >= 1 && answer.freeInSeconds <= 60));
  }
  assert.deepEqual(await shares.countCommand(somebody()), { allowed: true });
});
