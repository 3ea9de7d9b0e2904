/** The compute process: one device, one slot of the queue `compute`. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from '@temporalio/worker';
import { openBlobStore } from '../db/blobs/open-blob-store.ts';
import { createJobs } from '../db/jobs.repository.ts';
import type { Store } from '../db/open-store.ts';
import { openDatabase } from '../db/orm.ts';
import { WITHOUT_NETWORK } from '../runtime/config-file.ts';
import { ConfigError, loadConfig } from '../runtime/config.ts';
import type { Config } from '../runtime/config.ts';
import { openDataFolder } from '../runtime/data-folder.ts';
import { deviceEnvironment } from '../runtime/device-environment.ts';
import { findFfmpeg } from '../runtime/embedded/ffmpeg.ts';
import { tryLock } from '../runtime/file-lock.ts';
import type { FileLock } from '../runtime/file-lock.ts';
import { createLogger } from '../runtime/log.ts';
import type { Logger } from '../runtime/log.ts';
import type { MediaTools } from '../runtime/media/ffmpeg.ts';
import { processState } from '../runtime/process-table.ts';
import { connectTemporal, createWorker } from '../runtime/temporal.ts';
import type { TemporalAccess } from '../runtime/temporal.ts';
import { toolEnvironment } from '../runtime/tool-environment.ts';
import type { ComputeActivities, ListenActivities } from '../workflows/contract/compute-activities.ts';
import { COMPUTE_QUEUE } from '../workflows/contract/task-queues.ts';
import { createAnalyseRecording } from './activities/analyse-recording.ts';
import { createFinishStems } from './activities/finish-stems.ts';
import { createHearNotes } from './activities/hear-notes.ts';
import { createHearWords } from './activities/hear-words.ts';
import { createMixStems } from './activities/mix-stems.ts';
import { createSeparateNode } from './activities/separate-node.ts';
import { chooseDevice, DeviceMissingError } from './device.ts';
import type { DeviceChoice } from './device.ts';
import { createEngine } from './engine/engine.ts';
import { createMeasureThreads } from './measure/measure-threads.ts';
import { problemsOfChosen } from './models/chosen-models.ts';
import { createModelStore } from './models/model-store.ts';
import type { Device } from './models/separator.ts';

export interface GpuWorkerOptions {
  readonly config: Config;
  readonly store: Pick<Store, 'database' | 'blobs'>;
  readonly temporal: TemporalAccess;
  readonly tools: MediaTools;
  readonly dataDir: string;
  /** This process's own, removed when it stops; on the blob folder's file system where there is one. */
  readonly scratchDir: string;
  readonly log: Logger;
}

export interface RunningGpuWorker {
  readonly device: DeviceChoice;
  /** Resolves after `stop`; rejects when the worker cannot go on. */
  readonly finished: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Polls `compute` until it is stopped.
 *
 * @throws DeviceMissingError when the configured device does not work here.
 */
export async function startGpuWorker(options: GpuWorkerOptions): Promise<RunningGpuWorker> {
  const { config, store, log, scratchDir } = options;
  const problems = problemsOfChosen(config.models, WITHOUT_NETWORK);
  if (problems.length > 0) throw new ConfigError(problems);
  await mkdir(scratchDir, { recursive: true, mode: 0o700 });
  const engine = createEngine({
    threads: config.compute.threads,
    env: deviceEnvironment(),
    onErrorLine: (line) => log.warn({ line }, 'the engine says'),
  });
  const threads = createMeasureThreads(config.compute.threads);
  let deviceLock: FileLock | null = null;
  const release = async (): Promise<void> => {
    await Promise.all([engine.close(), threads.close()]);
    deviceLock?.release();
    await rm(scratchDir, { recursive: true, force: true });
  };
  try {
    const device = await chooseDevice(
      config.compute.device,
      async (candidate) => (await engine.run('probeDevice', { device: candidate })).failure,
    );
    log.info({ device: device.device }, device.sentence);
    deviceLock = lockDevice(device.device, options.dataDir);
    const jobs = createJobs(store.database);
    const shared = { blobs: store.blobs, scratchDir, log, reportProgress: jobs.report.bind(jobs) };
    const measuring = { ...shared, threads, targetLoudnessLufs: config.delivery.targetLoudnessLufs };
    const models = createModelStore({
      cacheDir: config.cacheDir,
      log,
      ...config.models,
      packageEnvironment: toolEnvironment(),
    });
    const listening = { ...shared, engine, models, tools: options.tools };
    const activities = {
      separateNode: createSeparateNode({
        ...shared,
        engine,
        models,
        device: device.device,
        chunkSize: { seconds: config.compute.chunkSeconds },
      }),
      finishStems: createFinishStems({ ...measuring, tools: options.tools }),
      mixStems: createMixStems(measuring),
      analyseRecording: createAnalyseRecording({ ...listening, threads }),
      hearWords: createHearWords({ ...listening, modelId: config.models.lyrics }),
      hearNotes: createHearNotes(listening),
    } satisfies ComputeActivities & ListenActivities;
    const worker = await createWorker(options.temporal, {
      taskQueue: COMPUTE_QUEUE,
      activities,
      // One job at a time has the whole device; more workers share the queue.
      maxConcurrentActivityTaskExecutions: 1,
    });
    const finished = runAndRelease(worker, release);
    return {
      device,
      finished,
      async stop() {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await finished;
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function runAndRelease(worker: Worker, release: () => Promise<void>): Promise<void> {
  try {
    await worker.run();
  } finally {
    await release();
  }
}

/** Two workers on one GPU would take each other's memory. On the CPU that is the operator's business. */
function lockDevice(device: Device, dataDir: string): FileLock | null {
  if (device === 'cpu') return null;
  const visible = deviceEnvironment()['CUDA_VISIBLE_DEVICES']?.replaceAll(/[^\w-]/gu, '_');
  const name = visible === undefined ? device : `${device}-${visible}`;
  const lock = tryLock(join(dataDir, `device-${name}.lock`));
  if (lock === null) throw new DeviceMissingError(device, 'another gpu-worker of this data folder computes on it');
  return lock;
}

/** By itself, against the servers that the environment names. */
async function main(): Promise<void> {
  const config = loadConfig();
  const { databaseUrl, temporal } = config;
  if (databaseUrl === null || temporal.address === null) {
    const missing = [databaseUrl === null ? 'DATABASE_URL' : [], temporal.address === null ? 'TEMPORAL_ADDRESS' : []];
    throw new ConfigError(missing.flat().map((name) => `${name} is not set, and a gpu-worker by itself needs it`));
  }
  const log = createLogger({ name: 'gpu-worker', level: config.logLevel, destination: 'stderr' });
  const folder = openDataFolder(config.dataDir);
  await removeLeftScratch(folder.temporary);
  const tools = await findFfmpeg({ cacheDir: config.cacheDir, log, progress: (line) => log.info(line) });
  const blobs = await openBlobStore(
    config.s3 === null ? { kind: 'folder', root: folder.blobs } : { kind: 's3', ...config.s3 },
  );
  const database = await openDatabase(databaseUrl, { log: (message) => log.warn({ message }, 'the database says') });
  const access = await connectTemporal(temporal.address, temporal.namespace);
  try {
    const running = await startGpuWorker({
      config,
      store: { database, blobs },
      temporal: access,
      tools,
      dataDir: folder.path,
      scratchDir: join(folder.temporary, `${SCRATCH_PREFIX}${String(process.pid)}`),
      log,
    });
    // Whoever started us as a child with a channel shows it to the person at the terminal.
    process.send?.({ device: running.device.sentence });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      // What goes wrong on the way is told by `finished`.
      process.once(signal, () => void running.stop().catch(() => undefined));
    }
    await running.finished;
  } finally {
    await access.close();
    await database.close();
  }
}

const SCRATCH_PREFIX = 'gpu-worker-';

/** Of gpu-workers that were killed. In a container every one of them has the same process id: ours. */
async function removeLeftScratch(temporaryDir: string): Promise<void> {
  for (const name of await readdir(temporaryDir)) {
    if (!name.startsWith(SCRATCH_PREFIX)) continue;
    const pid = Number(name.slice(SCRATCH_PREFIX.length));
    if (pid !== process.pid && (await processState(pid)) !== null) continue;
    await rm(join(temporaryDir, name), { recursive: true, force: true });
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    const isPlain = error instanceof ConfigError || error instanceof DeviceMissingError;
    process.stderr.write(`${isPlain ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
    process.exitCode = 1;
  }
}
