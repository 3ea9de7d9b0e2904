import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { openFolderStore } from '../../db/blobs/folder.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { createLibrary } from '../../db/library.repository.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Database } from '../../db/orm.ts';
import { createRenderings } from '../../db/renderings.repository.ts';
import { createLinkWaits } from '../../db/link-waits.repository.ts';
import { createRetention } from '../../db/retention.repository.ts';
import { createShares } from '../../db/shares.repository.ts';
import { createSheets } from '../../db/sheets.repository.ts';
import { createTabPreferences } from '../../db/tab-preferences.repository.ts';
import { TEST_SHEETS } from './plan-sheet.test-kit.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import type { TestDatabase } from '../../db/test-database.ts';
import { testAddress, testJob, testPlan, testRecording, testResult } from '../../db/test-rows.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ControlActivities } from '../../workflows/contract/control-activities.ts';
import type { PcmBlob, StoredSource } from '../../workflows/contract/recording.ts';
import { stemNames } from '../../workflows/contract/stems.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { createControlActivities } from './control-activities.ts';
import type { ControlDeps } from './control-activities.ts';

const SHARES = {
  jobsPerMemberAndHour: 1000,
  audioMinutesPerBandAndDay: 10,
  megabytesPerBandAndDay: 100,
  commandsPerMemberAndMinute: 1000,
};

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let folder: string;
let blobs: BlobStore;
let control: ControlActivities;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  folder = await mkdtemp(join(tmpdir(), 'woodshed-control-'));
  blobs = await openFolderStore(folder);
  control = createControlActivities(deps());
});
after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
  await rm(folder, { recursive: true });
});

function deps(): ControlDeps {
  return {
    jobs: createJobs(database, { jobsPerMemberAndHour: SHARES.jobsPerMemberAndHour }),
    library: createLibrary(database),
    shares: createShares(database, SHARES),
    renderings: createRenderings(database),
    retention: createRetention(database),
    linkWaits: createLinkWaits(database, 'always'),
    blobs,
    sheets: createSheets(database),
    tabPreferences: createTabPreferences(database),
    ...TEST_SHEETS,
    linkFiles: async ({ files }) =>
      files.map(({ fileName, blob: { bytes } }) => ({
        fileName,
        bytes,
        url: `https://example.org/d/${fileName}`,
        expiresAt: '2030-01-01T00:00:00.000Z',
      })),
    plan: (strategy) => (strategy === 'vocals' ? testPlan : { code: 'unknown-strategy', facts: { known: 'vocals' } }),
    fetchLink: async ({ jobId }) => await stored(`sources/${jobId}`),
  };
}

async function put(key: string): Promise<{ readonly key: string; readonly bytes: number; readonly sha256: string }> {
  return await blobs.put(key, Readable.from([Buffer.from(key)]));
}

async function stored(key: string): Promise<StoredSource> {
  return { ...(await put(key)), title: 'song.mp3' };
}

async function count(table: string, where = 'true'): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`);
  return rows[0]?.n ?? 0;
}

interface Saved {
  readonly jobId: string;
  readonly sha256: string;
  readonly input: Parameters<ControlActivities['saveResult']>[0];
}

/** A job with everything that it stores, blobs included, as far as the end of `saveResult`. */
async function saveJob(name = randomUUID()): Promise<Saved> {
  const { jobId } = await testJob(database);
  const source = await stored(`sources/${jobId}`);
  const recording = testRecording(source.sha256, name);
  const { finished, files } = testResult(source.sha256, name);
  const pcm: PcmBlob[] = [recording.canonical, recording.working];
  const stems: FinishedStem[] = [...finished.stems, finished.residual];
  const keys = [
    ...pcm,
    ...stems.map((stem) => stem.pcm),
    ...stems.map((stem) => stem.waveform),
    ...files.map((f) => f.blob),
  ];
  for (const { key } of keys) {
    await put(key);
  }
  await control.saveRecording({ jobId, source, recording });
  const encoded = files.filter(({ fileName }) => fileName !== 'metadata.json');
  const input = {
    jobId,
    plan: testPlan,
    format: 'wav',
    pick: { kind: 'all' },
    recording,
    finished,
    mixed: null,
    files: encoded,
  } as const;
  await control.saveResult(input);
  return { jobId, sha256: source.sha256, input };
}

test('a request has one job, however often it is opened', async () => {
  const { request } = await testJob(database);
  const workflowId = randomUUID();
  const opened = await Promise.all([1, 2, 3].map(async () => await control.openJob({ request, workflowId })));
  assert.equal(new Set(opened.map(({ jobId }) => jobId)).size, 1);
  assert.deepEqual(opened[0]?.plan, testPlan);
  assert.equal(await count('job', `workflow_id = '${workflowId}'`), 1);
});

test('a request that cannot be planned has a job that says why', async () => {
  const { request } = await testJob(database);
  const opened = await control.openJob({
    request: { ...request, command: { ...request.command, strategy: 'everything' } },
    workflowId: randomUUID(),
  });
  assert.ok(opened.plan === null);
  assert.deepEqual(opened.refusal, { code: 'unknown-strategy', facts: { known: 'vocals' } });
  assert.equal(await count('job', `id = '${opened.jobId}'`), 1);
});

test('a stem that the strategy has not got is named with those that it has', async () => {
  const { request } = await testJob(database);
  const opened = await control.openJob({
    request: { ...request, command: { ...request.command, pick: { kind: 'minus', stems: ['vocals', 'kazoo'] } } },
    workflowId: randomUUID(),
  });
  assert.ok(opened.plan === null);
  assert.deepEqual(opened.refusal, { code: 'unknown-stem', facts: { known: stemNames(testPlan.tree).join(', ') } });
});

test('who has used up his share has a job that says so, each time it is opened, and another one has not', async () => {
  const strict = createControlActivities({
    ...deps(),
    jobs: createJobs(database, { jobsPerMemberAndHour: 2 }),
  });
  const requester = { platform: 'discord', userId: randomUUID(), displayName: 'Ana' } as const;
  const open = async (userId: string, workflowId: string = randomUUID()) => {
    const { request } = await testJob(database);
    return await strict.openJob({ request: { ...request, requester: { ...requester, userId } }, workflowId });
  };
  const workflowId = randomUUID();
  assert.notEqual((await open(requester.userId)).plan, null);
  assert.notEqual((await open(requester.userId)).plan, null);
  for (const tries of [1, 2]) {
    const opened = await open(requester.userId, workflowId);
    assert.ok(opened.plan === null, String(tries));
    assert.equal(opened.refusal.code, 'quota-jobs');
    assert.equal(opened.refusal.facts['limit'], 2);
  }
  assert.notEqual((await open(randomUUID())).plan, null);
});

test('audio beyond the share of a band is refused, until a failed job gives back what it had', async () => {
  const address = { ...testAddress, chatId: randomUUID() };
  const requester = { platform: 'discord', userId: randomUUID(), displayName: 'Ana' } as const;
  const [first, second] = [
    await testJob(database, { address, requester }),
    await testJob(database, { address, requester }),
  ];
  await control.reserveAudio({ jobId: first.jobId, seconds: 400, bytes: 1000 });
  const more = { jobId: second.jobId, seconds: 300, bytes: 1000 };
  await assert.rejects(control.reserveAudio(more), { type: 'quota-minutes', nonRetryable: true });
  await assert.rejects(control.reserveAudio({ ...more, seconds: 1, bytes: 101_000_000 }), { type: 'quota-bytes' });
  await control.endJob({
    jobId: first.jobId,
    outcome: { state: 'failed', failure: { code: 'internal', facts: {} } },
  });
  await control.reserveAudio(more);
});

test('a retry takes what the first job was given, as long as that is kept and by its own band', async () => {
  const address = { ...testAddress, chatId: randomUUID() };
  const first = await testJob(database, { address });
  const source = await control.fetchLink({ jobId: first.jobId, url: 'https://example.org/a.mp3' });
  const { jobId: retry } = await testJob(database, { address });
  const found = await control.reuseSource({ jobId: retry, earlierJobId: first.jobId });
  assert.deepEqual([found.key, found.bytes, found.sha256], [source.key, source.bytes, source.sha256]);

  const { jobId: stranger } = await testJob(database);
  const missing = { type: 'file-missing', nonRetryable: true };
  await assert.rejects(control.reuseSource({ jobId: stranger, earlierJobId: first.jobId }), missing);
  await assert.rejects(control.reuseSource({ jobId: retry, earlierJobId: randomUUID() }), missing);
  await blobs.delete(source.key);
  await assert.rejects(control.reuseSource({ jobId: retry, earlierJobId: first.jobId }), missing);
});

test('a retry of a retry finds the same bytes', async () => {
  const address = { ...testAddress, chatId: randomUUID() };
  const first = await testJob(database, { address });
  const source = await control.fetchLink({ jobId: first.jobId, url: 'https://example.org/a.mp3' });
  let earlierJobId = first.jobId;
  for (const tries of [1, 2, 3]) {
    const { request } = await testJob(database, { address });
    const reference = { kind: 'earlier', jobId: earlierJobId, name: 'song' } as const;
    const { jobId } = await control.openJob({
      request: { ...request, command: { ...request.command, source: reference } },
      workflowId: randomUUID(),
    });
    assert.equal((await control.reuseSource({ jobId, earlierJobId })).key, source.key, String(tries));
    earlierJobId = jobId;
  }
});

test('files behind links are kept as results are; without a web address there are no links', async () => {
  const { jobId } = await testJob(database);
  const blob = await put(`encoded/${jobId}/vocals.mp3`);
  const files = [{ name: 'vocals', fileName: 'vocals.mp3', blob, kind: 'sound', durationSeconds: 1 } as const];
  const links = await control.makeLinks({ jobId, files });
  assert.deepEqual(
    links.map(({ fileName, bytes }) => [fileName, bytes]),
    [['vocals.mp3', blob.bytes]],
  );
  const heldLong = `blob_key = '${blob.key}' and (expires_at is null or expires_at > now() + interval '6 days')`;
  assert.equal(await count('artefact', heldLong), 1);
  assert.deepEqual(await createControlActivities({ ...deps(), linkFiles: null }).makeLinks({ jobId, files }), []);
});

test('a place that was found to take less is remembered, and never forgotten for more', async () => {
  const { jobId } = await testJob(database);
  const jobs = createJobs(database);
  const [origin] = await jobs.surfacesOf(jobId);
  const surfaceId = String(origin?.surfaceId);
  for (const fileLimitBytes of [10_000_000, 20_000_000]) {
    await control.learnSurface({ surfaceId, fileLimitBytes });
  }
  assert.equal((await jobs.surfacesOf(jobId))[0]?.learnedFileLimitBytes, 10_000_000);
});

test('the one file of a pick is kept, and told of in metadata.json', async () => {
  const { jobId, input } = await saveJob();
  const [vocals] = input.finished.stems;
  assert.ok(vocals !== undefined);
  const mixed = {
    ...vocals,
    name: 'minus-vocals',
    pcm: { ...vocals.pcm, ...(await put(`stems/${jobId}/mix.wav`)) },
    waveform: await put(`stems/${jobId}/mix.png`),
  };
  const pick = { kind: 'minus', stems: ['vocals'] } as const;
  const result = await control.saveResult({ ...input, pick, mixed, files: [] });
  assert.deepEqual([result.pick, result.mixed], [pick, mixed]);
  for (const { key } of [mixed.pcm, mixed.waveform]) {
    assert.equal(await count('artefact', `blob_key = '${key}'`), 1);
  }
  const document = (await json(Readable.from(blobs.read(`metadata/${jobId}.json`)))) as Record<string, unknown>;
  const { loudnessLufs, peakDbtp, gainDb } = vocals;
  assert.deepEqual(document['mix'], {
    name: 'minus-vocals',
    file: 'minus-vocals.wav',
    waveform: 'minus-vocals.png',
    loudnessLufs,
    peakDbtp,
    gainDb,
  });
  assert.deepEqual((document['stems'] as object[])[0], { name: 'vocals', loudnessLufs, peakDbtp, gainDb });
});

test('a fetched link is noted, so that it goes after its time', async () => {
  const { jobId } = await testJob(database);
  const source = await control.fetchLink({ jobId, url: 'https://example.org/a.mp3' });
  assert.equal(await count('artefact', `blob_key = '${source.key}' and expires_at < now() + interval '25 hours'`), 1);
});

test('a result saved twice is there once, and found again', async () => {
  const { jobId, sha256, input } = await saveJob();
  const rows = async (): Promise<number[]> => {
    const counts = [];
    for (const table of ['artefact', 'separation', 'stem', 'recording']) {
      counts.push(await count(table));
    }
    return counts;
  };
  const saved = await rows();
  const again = await control.saveResult(input);
  assert.deepEqual(await rows(), saved);
  assert.deepEqual(again.files.at(-1)?.fileName, 'metadata.json');
  assert.ok(again.seconds >= 0 && again.seconds < 600);
  const earlier = await control.findEarlier({ jobId, recordingSha256: sha256, planKey: testPlan.planKey });
  assert.deepEqual(earlier?.finished, input.finished);
  assert.deepEqual(earlier?.recording, input.recording);
});

test('is not found under another plan or for other bytes', async () => {
  const { jobId, sha256 } = await saveJob();
  assert.equal(await control.findEarlier({ jobId, recordingSha256: sha256, planKey: 'another' }), null);
  assert.equal(await control.findEarlier({ jobId, recordingSha256: 'ff', planKey: testPlan.planKey }), null);
});

test('is not found when somebody cleared a single blob away', async () => {
  const { jobId, sha256, input } = await saveJob();
  const [stem] = input.finished.stems;
  for (const key of [stem?.pcm.key ?? '', input.finished.residual.waveform.key]) {
    await blobs.delete(key);
    assert.equal(await control.findEarlier({ jobId, recordingSha256: sha256, planKey: testPlan.planKey }), null);
    await put(key);
    assert.notEqual(await control.findEarlier({ jobId, recordingSha256: sha256, planKey: testPlan.planKey }), null);
  }
});

test('metadata.json tells what was measured', async () => {
  const { jobId, sha256, input } = await saveJob();
  const document = (await json(Readable.from(blobs.read(`metadata/${jobId}.json`)))) as Record<string, unknown>;
  assert.deepEqual(document, {
    title: input.recording.title,
    recording: { sha256, durationSeconds: 10, rateHz: 44_100, channels: 2, samples: 441_000 },
    strategy: 'vocals',
    quality: 'fast',
    format: 'wav',
    nullDepthDb: 93.125,
    stems: [
      {
        name: 'vocals',
        file: 'vocals.wav',
        waveform: 'vocals.png',
        loudnessLufs: -20.25,
        peakDbtp: -8.25,
        gainDb: 6.25,
      },
      {
        name: 'accompaniment',
        file: 'accompaniment.wav',
        waveform: 'accompaniment.png',
        loudnessLufs: -17.5,
        peakDbtp: -5.5,
        gainDb: 3.5,
      },
    ],
    residual: {
      name: 'residual',
      file: 'residual.wav',
      waveform: 'residual.png',
      loudnessLufs: null,
      peakDbtp: null,
      gainDb: null,
    },
  });
});

test('the first outcome stands', async () => {
  const { jobId } = await testJob(database);
  await control.endJob({ jobId, outcome: { state: 'cancelled' } });
  await control.endJob({ jobId, outcome: { state: 'failed', failure: { code: 'internal', facts: {} } } });
  assert.equal(await count('job', `id = '${jobId}' and state = 'cancelled'`), 1);
});

test('sweeping takes uploads that are past their time, and nothing that somebody holds', async () => {
  const old = await saveJob();
  const kept = await saveJob();
  await client.query("update artefact set expires_at = now() - interval '1 second' where blob_key = $1", [
    `sources/${old.jobId}`,
  ]);
  while ((await control.sweepExpired()).deleted > 0);
  assert.equal(await blobs.head(`sources/${old.jobId}`), null);
  const { finished, recording } = old.input;
  for (const key of [recording.canonical.key, finished.residual.pcm.key, `sources/${kept.jobId}`]) {
    assert.notEqual(await blobs.head(key), null, key);
  }
});

test('what no row holds goes a day later, and not at once', async () => {
  await put('chunks/left');
  const { jobId } = await saveJob();
  while ((await control.sweepExpired()).deleted > 0);
  assert.notEqual(await blobs.head('chunks/left'), null);
  await client.query("update doomed_blob set delete_after = now() - interval '1 second'");
  while ((await control.sweepExpired()).deleted > 0);
  assert.equal(await blobs.head('chunks/left'), null);
  assert.notEqual(await blobs.head(`metadata/${jobId}.json`), null);
});
