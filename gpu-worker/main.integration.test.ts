import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { openFolderStore } from '../db/blobs/folder.ts';
import { createTestDatabase } from '../db/test-database.ts';
import type { TestDatabase } from '../db/test-database.ts';
import { startChild } from '../runtime/child.ts';
import type { RunningChild } from '../runtime/child.ts';
import { loadConfig } from '../runtime/config.ts';
import { findTemporal } from '../runtime/embedded/temporal-binary.ts';
import { createLogger } from '../runtime/log.ts';
import { processState } from '../runtime/process-table.ts';
import { seededRandom } from '../tools/emulators/core/seeded-random.ts';
import type { BlobStore } from '../workflows/contract/blob-store.ts';
import type { DecodedRecording } from '../workflows/contract/recording.ts';
import type { FinishedStems, SeparationPlan } from '../workflows/contract/stems.ts';
import type { separateStems } from '../workflows/separate-stems.ts';
import { CONTROL_QUEUE } from '../workflows/contract/task-queues.ts';
import { createEngine } from './engine/engine.ts';
import { createWavWriter } from './wav/write-wav.ts';

const RATE_HZ = 44_100;
/** Long enough for ten workers to leave something to the next. */
const SECONDS = 130;
const CONFIG =
  'compute: { device: cpu, threads: 2, chunkSeconds: 1 }\nstrategies: { vocals: { _: mid-side, mid: mid, side: side } }\n';
const PLAN: SeparationPlan = {
  strategy: 'test',
  quality: 'best',
  tree: { separator: 'hpss', outputs: { harmonic: 'harmonic', percussive: 'percussive' } },
  planKey: 'test',
  heartbeatSeconds: 1,
};

let folder = '';
let database: TestDatabase;
let environment: TestWorkflowEnvironment;
let blobs: BlobStore;
let recording: DecodedRecording;
const started: RunningChild[] = [];

before(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  folder = await mkdtemp(join(tmpdir(), 'woodshed-gpu-worker-'));
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'woodshed.yaml'), CONFIG);
  const { path } = await findTemporal({
    cacheDir: loadConfig().cacheDir,
    toolsDir: join(import.meta.dirname, '..', 'tools'),
    log: createLogger({ name: 'test', level: 'silent', destination: 'stderr' }),
    progress: () => undefined,
  });
  [database, environment, blobs] = await Promise.all([
    createTestDatabase(),
    TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path } } }),
    openFolderStore(join(folder, 'data', 'blobs')),
  ]);
  recording = await putRecording();
});
afterEach(async () => {
  for (const { pid, exited } of started.splice(0)) {
    const state = await processState(pid);
    if (state !== null && !state.zombie) process.kill(pid, 'SIGKILL');
    await exited;
  }
});
after(async () => {
  await environment.teardown();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** A chord that moves, and a drum of noise. */
async function putRecording(): Promise<DecodedRecording> {
  const samples = SECONDS * RATE_HZ;
  const tone = Float32Array.from({ length: samples }, (_, index) => {
    const note = 220 * 2 ** (Math.floor(index / RATE_HZ) / 12);
    const hit = Math.exp(-(index % 11_025) / 400) * Math.sin(index * index * 0.37);
    return 0.3 * Math.sin((2 * Math.PI * note * index) / RATE_HZ) + 0.3 * hit;
  });
  const path = join(folder, 'mix.wav');
  const writer = await createWavWriter(path, { rateHz: RATE_HZ, channels: 2 });
  // On the 24-bit grid, as decoded recordings are.
  const channel = tone.map((sample) => Math.round(sample * 2 ** 23) / 2 ** 23);
  await writer.write([channel, channel.toReversed()]);
  await writer.close();
  const blob = await blobs.putFile('pcm/mix.wav', path, { consume: true });
  const pcm = { ...blob, rateHz: RATE_HZ, channels: 2, samples };
  return { sha256: blob.sha256, title: 'test', durationSeconds: SECONDS, canonical: pcm, working: pcm };
}

interface GpuWorker {
  readonly child: RunningChild;
  /** Chunks in the order in which the log says that they were computed. */
  readonly computed: string[];
  readonly lines: string[];
}

async function startGpuWorkerProcess(): Promise<GpuWorker> {
  const computed: string[] = [];
  const lines: string[] = [];
  const child = await startChild(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    cwd: folder,
    env: {
      WOODSHED_DATA: join(folder, 'data'),
      WOODSHED_CACHE: join(folder, 'cache'),
      WOODSHED_CONFIG: join(folder, 'woodshed.yaml'),
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: environment.address,
      HOME: folder,
    },
    onStderrLine(line) {
      lines.push(line);
      const { msg, chunk } = line.startsWith('{') ? (JSON.parse(line) as { msg?: string; chunk?: string }) : {};
      if (msg === 'chunk computed' && chunk !== undefined) computed.push(chunk);
    },
  });
  started.push(child);
  return { child, computed, lines };
}

/** Rejects when `work` ends before, or the worker by itself. */
async function until(condition: () => Promise<boolean>, worker: GpuWorker, work: Promise<unknown>): Promise<void> {
  const ended = work.then(
    () => new Error('the work was done before'),
    (error: unknown) => error,
  );
  while (!(await condition())) {
    const early = await Promise.race([ended, pause(5)]);
    if (early !== undefined) throw early;
    assert.equal(worker.child.child.exitCode, null, worker.lines.join('\n'));
  }
}

async function storedChunks(): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of blobs.list('chunks/')) keys.push(key.split('/').at(-1) ?? '');
  return keys;
}

/** The worker's children: its engine. */
async function engineOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** Waits: the kernel takes a moment, and a zombie counts as gone. */
async function allGone(pids: readonly number[]): Promise<boolean> {
  for (let tries = 0; tries < 400; tries++) {
    const states = await Promise.all(pids.map(processState));
    if (states.every((state) => state === null || state.zombie)) return true;
    await pause(5);
  }
  return false;
}

async function nodeHashes(): Promise<string[]> {
  const hashes: string[] = [];
  for await (const key of blobs.list('nodes/')) hashes.push(`${key} ${(await blobs.head(key))?.sha256 ?? ''}`);
  return hashes.toSorted();
}

const KILLS = 10;

test(
  'gpu-workers that are killed mid-song, again and again, are replaced by others, which finish bit for bit without computing a stored chunk again',
  { skip: process.platform !== 'linux' && 'reads /proc' },
  async () => {
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: join(import.meta.dirname, '..', 'workflows', 'index.ts'),
      logger: new DefaultLogger('ERROR'),
    });
    const workflows = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue: CONTROL_QUEUE,
      workflowBundle,
    });
    const timing = { computeHeartbeatSeconds: 1, mediaHeartbeatSeconds: 1, retrySeconds: 0.05 };
    const separate = async (workflowId: string): Promise<FinishedStems> =>
      await environment.client.workflow.execute<typeof separateStems>('separateStems', {
        taskQueue: CONTROL_QUEUE,
        workflowId,
        args: [{ jobId: '00000000-0000-4000-8000-000000000000', plan: PLAN, recording, timing }],
      });

    const running = workflows.run();
    try {
      // The same points in every run.
      const random = seededRandom(1);
      const finishing = separate('killed');
      let stored: string[] = [];
      for (let kill = 0; kill < KILLS; kill++) {
        const worker = await startGpuWorkerProcess();
        const enough = stored.length + 1 + Math.round(random());
        await until(async () => (await storedChunks()).length >= enough, worker, finishing);
        await pause(random() * 60);
        const engines = await engineOf(worker.child.pid);
        assert.equal(engines.length, 1);
        process.kill(worker.child.pid, 'SIGKILL');
        await worker.child.exited;
        assert.ok(await allGone(engines));
        assert.deepEqual(computedAgain(worker, stored), []);
        stored = await storedChunks();
      }

      const last = await startGpuWorkerProcess();
      const finished = await finishing;
      assert.deepEqual(
        finished.stems.map(({ name, pcm }) => [name, pcm.samples, pcm.channels]),
        ['harmonic', 'percussive'].map((name) => [name, SECONDS * RATE_HZ, 2]),
      );
      assert.ok(last.computed.length > 0);
      assert.deepEqual(computedAgain(last, stored), []);
      assert.deepEqual(await storedChunks(), []);
      const disturbed = await nodeHashes();
      assert.equal(disturbed.length, 2);

      for await (const key of blobs.list('nodes/')) await blobs.delete(key);
      const undisturbed = await separate('undisturbed');
      assert.deepEqual(await nodeHashes(), disturbed);
      assert.deepEqual(undisturbed, finished);

      const engines = await engineOf(last.child.pid);
      assert.deepEqual(await last.child.stop(), { code: 0, signal: null }, last.lines.join('\n'));
      assert.equal(engines.length, 1);
      assert.ok(await allGone(engines));
      assert.deepEqual(await readdir(join(folder, 'data', 'tmp')), []);
    } finally {
      workflows.shutdown();
      await running;
    }
  },
);

function computedAgain(worker: GpuWorker, stored: readonly string[]): string[] {
  return worker.computed.filter((chunk) => stored.includes(chunk));
}

test('a gpu-worker that is told to use a device that is not there says so in one sentence and ends', async (t) => {
  const engine = createEngine({ threads: 1 });
  const { failure } = await engine.run('probeDevice', { device: 'cuda' });
  await engine.close();
  if (failure === null) {
    t.skip('this machine has CUDA');
    return;
  }
  await writeFile(join(folder, 'woodshed.yaml'), CONFIG.replace('device: cpu', 'device: cuda'));
  const worker = await startGpuWorkerProcess();
  const { code } = await worker.child.exited;
  const sentence = worker.lines.filter((line) => !line.startsWith('{'));
  assert.equal(code, 1);
  assert.match(sentence.join('\n'), /^Woodshed is told to compute on CUDA, which does not work here: [^\n]+\.$/u);
});
