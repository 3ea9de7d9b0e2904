import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { JOB_STAGES } from '../workflows/contract/job.ts';
import type { JobOutcome } from '../workflows/contract/job.ts';
import { JOB_CODE_ALPHABET } from './job-code.ts';
import { createJobs } from './jobs.repository.ts';
import type { JobView } from '../workflows/contract/job-view.ts';
import type { Jobs } from './jobs.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testAddress, testJob, testPlan, testResult } from './test-rows.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let jobs: Jobs;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  jobs = createJobs(database);
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

async function view(id: string): Promise<JobView> {
  const job = await jobs.find(id);
  assert.ok(job !== null);
  return job;
}

test('a workflow has one job, however often and at once it is opened', async () => {
  const { jobId, code, workflowId, request } = await testJob(database);
  assert.match(code, new RegExp(`^[${JOB_CODE_ALPHABET}]{6}$`));
  const again = await jobs.open({ request, workflowId, plan: testPlan });
  assert.deepEqual([again.jobId, again.code, again.created, again.refusal], [jobId, code, false, null]);
  for (let round = 0; round < 8; round += 1) {
    const twin = `job-${randomUUID()}`;
    const opened = await Promise.all(
      Array.from({ length: 8 }, async () => await jobs.open({ request, workflowId: twin, plan: testPlan })),
    );
    assert.equal(new Set(opened.map((job) => job.jobId)).size, 1);
    assert.equal(opened.filter(({ created }) => created).length, 1);
  }
});

test('is found by every name it has, and by no other', async () => {
  const { jobId, code, workflowId, request } = await testJob(database);
  const job = await view(jobId);
  assert.deepEqual(job, {
    id: jobId,
    code,
    workflowId,
    bandId: job.bandId,
    request,
    title: null,
    audioSeconds: null,
    state: 'queued',
    stage: null,
    fraction: 0,
    log: [],
    version: 1,
    outcome: null,
    recordingId: null,
    awaitsTurn: false,
    awaitsLink: null,
    createdAt: job.createdAt,
    startedAt: null,
    endedAt: null,
  });
  assert.deepEqual(await jobs.findByCode(` ${code.toLowerCase()} `), job);
  assert.deepEqual(await jobs.findByWorkflow(workflowId), job);
  assert.deepEqual(await jobs.findByInboundEvent(request.inboundEventId), job);
  assert.deepEqual(await jobs.createdAt(jobId), job.createdAt);
  assert.ok(Math.abs(job.createdAt.getTime() - Date.now()) < 60_000);
  for (const id of [randomUUID(), 'no uuid', '']) assert.equal(await jobs.find(id), null);
  assert.equal(await jobs.findByCode('NOBODY'), null);
  assert.equal(await jobs.findByInboundEvent('no uuid'), null);
});

test('a job that could not be planned is a job', async () => {
  const draft = (await testJob(database)).request;
  const { jobId, refusal } = await jobs.open({ request: draft, workflowId: randomUUID(), plan: null });
  assert.equal(refusal, null);
  assert.equal((await view(jobId)).state, 'queued');
});

test('progress goes forward through the stages and never back', async () => {
  const { jobId } = await testJob(database);
  const places: [string, number][] = [];
  const reports = [
    ['receive', 0.5],
    ['receive', 0.2],
    ['separate', 0],
    ['read', 1],
    ['separate', 0.75],
    ['separate', 0.5],
    ['measure', 0.1],
  ] as const;
  for (const [stage, fraction] of reports) {
    await jobs.report({ jobId, stage, fraction });
    const job = await view(jobId);
    places.push([job.stage ?? '', job.fraction]);
  }
  assert.deepEqual(places, [
    ['receive', 0.5],
    ['receive', 0.5],
    ['separate', 0],
    ['separate', 0],
    ['separate', 0.75],
    ['separate', 0.75],
    ['measure', 0.1],
  ]);
  const job = await view(jobId);
  assert.equal(job.state, 'running');
  assert.equal(job.version, 5, 'one more for each report that changed something');
  assert.notEqual(job.startedAt, null);
});

test('reports of two attempts that cross leave the furthest place', async () => {
  for (let round = 1; round <= 25; round += 1) {
    const { jobId } = await testJob(database);
    const reports = JOB_STAGES.flatMap((stage) => [0, 0.25, 0.5, 1].map((fraction) => ({ jobId, stage, fraction })));
    const order = (index: number): number => (index * (7 + round * 2)) % reports.length;
    const mixed = reports
      .map((report, index) => ({ report, at: order(index) }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ report }) => report);
    await Promise.all(
      mixed.map(async (report) => {
        await jobs.report(report);
      }),
    );
    const job = await view(jobId);
    assert.deepEqual([job.stage, job.fraction], ['deliver', 1]);
  }
});

test('keeps the last eight lines, and one of two that are equal', async () => {
  const { jobId } = await testJob(database);
  for (let line = 1; line <= 11; line += 1) {
    for (let attempt = 0; attempt < 2; attempt += 1)
      await jobs.report({ jobId, stage: 'separate', fraction: 0.5, line: `line ${String(line)}` });
  }
  assert.deepEqual(
    (await view(jobId)).log,
    [4, 5, 6, 7, 8, 9, 10, 11].map((line) => `line ${String(line)}`),
  );
  await jobs.report({ jobId, stage: 'receive', fraction: 1, line: 'late' });
  assert.equal((await view(jobId)).log.includes('late'), false);
  await jobs.report({ jobId, stage: 'separate', fraction: 0.1, line: 'second attempt' });
  const job = await view(jobId);
  assert.deepEqual([job.log.at(-1), job.fraction], ['second attempt', 0.5]);
});

test('refuses progress that is none', async () => {
  const { jobId } = await testJob(database);
  for (const fraction of [Number.NaN, -0.1, 1.1]) {
    await assert.rejects(jobs.report({ jobId, stage: 'read', fraction }), RangeError);
  }
  await jobs.report({ jobId: randomUUID(), stage: 'read', fraction: 0 });
});

test('the first final state stands', async () => {
  const { jobId } = await testJob(database);
  await jobs.report({ jobId, stage: 'encode', fraction: 0.5 });
  const outcomes = await Promise.all(
    [CANCELLED, DONE, { state: 'failed', failure: { code: 'internal', facts: {} } } as const].map(
      async (outcome) => await jobs.end(jobId, outcome),
    ),
  );
  const job = await view(jobId);
  for (const outcome of outcomes) assert.deepEqual(outcome, job.outcome);
  assert.equal(job.state, job.outcome?.state);
  assert.notEqual(job.endedAt, null);
  await jobs.report({ jobId, stage: 'deliver', fraction: 1, line: 'late' });
  assert.deepEqual(await view(jobId), job);
  await assert.rejects(client.query("update job set state = 'running' where id = $1", [jobId]), /job_outcome_check/);
});

test('tells listeners which job changed, and only when it did', async () => {
  const heard: string[] = [];
  const listener = new Client({ connectionString: testDatabase.url });
  await listener.connect();
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
  await listener.query('listen job');
  const { jobId } = await testJob(database);
  await jobs.report({ jobId, stage: 'read', fraction: 0.5 });
  await jobs.report({ jobId, stage: 'read', fraction: 0.5 });
  await jobs.report({ jobId, stage: 'receive', fraction: 1 });
  await jobs.end(jobId, CANCELLED);
  await jobs.end(jobId, CANCELLED);
  await jobs.report({ jobId, stage: 'deliver', fraction: 1 });
  await client.query("select pg_notify('job', 'end')");
  while (!heard.includes('end')) await listener.query('select 1');
  await listener.end();
  assert.deepEqual(heard, [jobId, jobId, jobId, 'end']);
});

test('lists the newest first, of a band, unfinished ones alone', async () => {
  const address = { ...testAddress, chatId: 'listing' };
  const made = [];
  for (let index = 0; index < 4; index += 1) made.push((await testJob(database, { address })).jobId);
  await testJob(database);
  await jobs.end(made[1] ?? '', CANCELLED);
  const { bandId } = await view(made[0] ?? '');
  const ids = async (options: Parameters<Jobs['list']>[0]): Promise<string[]> =>
    (await jobs.list(options)).map(({ id }) => id);
  assert.deepEqual(await ids({ limit: 10, bandId }), made.toReversed());
  assert.deepEqual(await ids({ limit: 2, bandId }), [made[3], made[2]]);
  assert.deepEqual(await ids({ limit: 10, bandId, unfinishedOnly: true }), [made[3], made[2], made[0]]);
  assert.equal((await jobs.list({ limit: 10 })).length, 5);
  const { inboundEventId } = (await view(made[2] ?? '')).request;
  assert.deepEqual(await ids({ limit: 10, inboundEventId }), [made[2]]);
});

test('a new code is taken when the first is', async () => {
  const { request, code } = await testJob(database);
  const codes = [code, code, 'FRESH2'];
  const opening = createJobs(database, { nextCode: () => codes.shift() ?? 'NEVER2' });
  assert.equal((await opening.open({ request, workflowId: randomUUID(), plan: testPlan })).code, 'FRESH2');
  const stuck = createJobs(database, { nextCode: () => code });
  await assert.rejects(stuck.open({ request, workflowId: randomUUID(), plan: testPlan }), /job_code_unique/);
});

test('an event that was never accepted has no job', async () => {
  const { request } = await testJob(database);
  await assert.rejects(
    jobs.open({ request: { ...request, inboundEventId: randomUUID() }, workflowId: randomUUID(), plan: null }),
    /inbound_event/,
  );
});
