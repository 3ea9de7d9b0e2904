/**
 * A process that computes songs as control and gpu-worker do, by the same activities, with no server, chat or database around them.
 * Takes one song at a time; its engine starts with its first.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createDecodeRecording } from '../activities/media/decode-recording.ts';
import { createEncodeStems } from '../activities/media/encode-stems.ts';
import { createProbeSource } from '../activities/media/probe-source.ts';
import { openFolderStore } from '../db/blobs/folder.ts';
import { createFinishStems } from '../gpu-worker/activities/finish-stems.ts';
import { createSeparateNode } from '../gpu-worker/activities/separate-node.ts';
import { chooseDevice } from '../gpu-worker/device.ts';
import { createEngine } from '../gpu-worker/engine/engine.ts';
import type { Engine } from '../gpu-worker/engine/engine.ts';
import { createMeasureThreads } from '../gpu-worker/measure/measure-threads.ts';
import type { MeasureThreads } from '../gpu-worker/measure/measure-threads.ts';
import { createModelStore } from '../gpu-worker/models/model-store.ts';
import type { Device } from '../gpu-worker/models/separator.ts';
import type { Config } from '../runtime/config.ts';
import { createLogger } from '../runtime/log.ts';
import type { MediaTools } from '../runtime/media/ffmpeg.ts';
import { openPlainBlobs } from './plain-blobs.ts';

/** The process's one argument, as JSON. */
export interface HostOptions {
  readonly folder: string;
  readonly tools: MediaTools;
  readonly cacheDir: string;
  readonly limits: Config['limits'];
  readonly threads: number;
  readonly chunkSeconds: number;
}

export interface HostTask {
  readonly songPath: string;
  /** `separation`: decoding and separation into a durable store; `request`: also what follows, into plain files. */
  readonly work: 'separation' | 'request';
}

/** Wall-clock seconds of each step; one that was not asked for is 0. */
export interface HostSeconds {
  readonly decode: number;
  readonly separate: number;
  readonly finish: number;
  readonly encode: number;
}

export type HostAnswer =
  | { readonly seconds: HostSeconds; readonly peakMegabytes: number }
  | { readonly failure: string };

const SEPARATOR = 'spleeter-2stems';
const JOB = { jobId: 'bench' } as const;

const options = JSON.parse(process.argv[2] ?? '{}') as HostOptions;
const { tools, limits, cacheDir, threads } = options;
const log = createLogger({ name: 'bench', level: 'warn', destination: 'stderr' });
const models = createModelStore({ cacheDir, log, allowNonCommercial: false });
const reportProgress = async (): Promise<void> => await Promise.resolve();

interface Compute {
  readonly engine: Engine;
  readonly device: Promise<Device>;
}

let compute: Compute | null = null;
let measureThreads: MeasureThreads | null = null;

/** As the gpu-worker starts: asking for the device starts the engine. */
function startCompute(): Compute {
  const engine = createEngine({ threads, onErrorLine: (line) => log.warn({ line }, 'the engine says') });
  const probe = async (device: Device): Promise<string | null> => (await engine.run('probeDevice', { device })).failure;
  return { engine, device: chooseDevice('cpu', probe).then(({ device }) => device) };
}

async function computeSong({ songPath, work }: HostTask): Promise<HostSeconds> {
  const folder = await mkdtemp(join(options.folder, 'song-'));
  try {
    const blobFolder = join(folder, 'blobs');
    const scratchDir = join(folder, 'scratch');
    for (const made of [blobFolder, scratchDir]) await mkdir(made);
    const blobs = work === 'separation' ? await openFolderStore(blobFolder) : openPlainBlobs(blobFolder);
    const shared = { blobs, scratchDir, reportProgress, log };
    const media = { ...shared, tools, limits, reportRendering: reportProgress };
    const source = { ...(await blobs.putFile('uploads/song', songPath)), title: 'song' };
    const probed = await inActivity(createProbeSource(media), { ...JOB, source });

    const startedAt = performance.now();
    compute ??= startCompute();
    const { engine, device } = compute;
    const recording = await inActivity(createDecodeRecording(media), { ...JOB, source, probed });
    const decodedAt = performance.now();
    const separateNode = createSeparateNode({
      ...shared,
      engine,
      models,
      device: await device,
      chunkSize: { seconds: options.chunkSeconds },
    });
    const separated = await inActivity(separateNode, {
      ...JOB,
      separator: SEPARATOR,
      quality: 'fast',
      input: recording.working,
      progress: { from: 0, to: 1 },
    });
    const separatedAt = performance.now();
    const seconds = { decode: decodedAt - startedAt, separate: separatedAt - decodedAt, finish: 0, encode: 0 };
    if (work === 'separation') return inSeconds(seconds);

    measureThreads ??= createMeasureThreads(threads);
    const finishStems = createFinishStems({ ...shared, threads: measureThreads, tools });
    const stems = Object.entries(separated.slots).map(([name, pcm]) => ({ name, pcm }));
    const finished = await inActivity(finishStems, { ...JOB, recording, stems });
    const finishedAt = performance.now();
    await inActivity(createEncodeStems(media), {
      ...JOB,
      stems: [...finished.stems, finished.residual],
      encoding: { format: 'wav', kbps: null },
    });
    return inSeconds({ ...seconds, finish: finishedAt - separatedAt, encode: performance.now() - finishedAt });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inActivity<Input, Output>(activity: (input: Input) => Promise<Output>, input: Input): Promise<Output> {
  return (await new MockActivityEnvironment().run(activity, input)) as Output;
}

function inSeconds(milliseconds: HostSeconds): HostSeconds {
  const { decode, separate, finish, encode } = milliseconds;
  return { decode: decode / 1000, separate: separate / 1000, finish: finish / 1000, encode: encode / 1000 };
}

/** Of this process and its engine; each one's own peak, so their sum was never exceeded. */
async function peakMegabytes(): Promise<number> {
  const pids = [process.pid, compute?.engine.pid].filter((pid) => typeof pid === 'number');
  let kibibytes = 0;
  for (const pid of pids) {
    const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
    kibibytes += Number(/^VmHWM:\s*(\d+) kB$/mu.exec(status)?.[1]);
  }
  return kibibytes / 1024;
}

async function answer(task: HostTask): Promise<HostAnswer> {
  try {
    return { seconds: await computeSong(task), peakMegabytes: await peakMegabytes() };
  } catch (error) {
    return { failure: String(error instanceof Error ? error.stack : error) };
  }
}

process.on('message', (task: HostTask) => {
  void answer(task).then((result) => process.send?.(result));
});
/** The client has gone, or wants us gone: the engine goes first. */
async function close(): Promise<void> {
  await compute?.engine.close();
  await measureThreads?.close();
  process.exit();
}
process.on('disconnect', () => void close());
