/** Runs the activity as the worker would: real threads, a real ffmpeg, real files in a temporary folder. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { findProgram } from '../../runtime/child.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';
import { BlobMissingError } from '../../workflows/contract/blob-store.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ProgressReport } from '../../workflows/contract/job.ts';
import type { DecodedRecording, PcmBlob, StoredBlob } from '../../workflows/contract/recording.ts';
import type { FinishedStems } from '../../workflows/contract/stems.ts';
import { createMeasureThreads } from '../measure/measure-threads.ts';
import type { MeasureThreads } from '../measure/measure-threads.ts';
import { readFrames, readWavHeader } from '../wav/read-wav.ts';
import { createWavWriter } from '../wav/write-wav.ts';
import { createFinishStems } from './finish-stems.ts';
import type { FinishStemsDeps } from './finish-stems.ts';

export interface FinishBench {
  readonly folder: string;
  readonly blobs: BlobStore;
  /** Keys that were written, in order. */
  readonly written: string[];
  readonly reports: ProgressReport[];
  readonly tools: MediaTools;
  readonly threads: MeasureThreads;
  putWav(key: string, rateHz: number, channels: readonly Float32Array[]): Promise<PcmBlob>;
  readWav(key: string): Promise<Float32Array[]>;
  run(run: {
    readonly canonical: PcmBlob;
    readonly stems: Readonly<Record<string, PcmBlob>>;
    readonly deps?: Partial<FinishStemsDeps>;
    readonly environment?: MockActivityEnvironment;
  }): Promise<FinishedStems>;
  close(): Promise<void>;
}

/** Null where this machine has no ffmpeg. */
export function localMediaTools(): MediaTools | null {
  const [ffmpegPath, ffprobePath] = [findProgram('ffmpeg'), findProgram('ffprobe')];
  return ffmpegPath === null || ffprobePath === null ? null : { ffmpegPath, ffprobePath };
}

export async function createFinishBench(): Promise<FinishBench> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-finish-'));
  const scratchDir = join(folder, 'scratch');
  await mkdir(scratchDir);
  const written: string[] = [];
  const blobs = createFolderBlobs(join(folder, 'blobs'), written);
  const reports: ProgressReport[] = [];
  const tools = localMediaTools() ?? { ffmpegPath: '/nonexistent', ffprobePath: '/nonexistent' };
  const threads = createMeasureThreads(2);
  const deps: FinishStemsDeps = {
    blobs,
    threads,
    tools,
    scratchDir,
    log: pino({ level: 'silent' }),
    reportProgress: async (report) => {
      await Promise.resolve();
      reports.push(report);
    },
  };
  return {
    folder,
    blobs,
    written,
    reports,
    tools,
    threads,
    async putWav(key, rateHz, channels) {
      const path = join(folder, 'put.wav');
      const writer = await createWavWriter(path, { rateHz, channels: channels.length });
      await writer.write(channels);
      const { samples } = await writer.close();
      const blob = await blobs.putFile(key, path, { consume: true });
      return { ...blob, rateHz, channels: channels.length, samples };
    },
    async readWav(key) {
      await using handle = await open(join(folder, 'blobs', key), 'r');
      const header = await readWavHeader(handle);
      const channels = Array.from({ length: header.channels }, () => new Float32Array(header.samples));
      await readFrames(handle, header, 0, header.samples, channels);
      return channels;
    },
    async run({ canonical, stems, deps: overrides, environment = new MockActivityEnvironment() }) {
      const durationSeconds = canonical.samples / canonical.rateHz;
      const recording: DecodedRecording = {
        sha256: canonical.sha256,
        title: 'song',
        durationSeconds,
        canonical,
        working: canonical,
      };
      return await environment.run(createFinishStems({ ...deps, ...overrides }), {
        jobId: 'job',
        recording,
        stems: Object.entries(stems).map(([name, pcm]) => ({ name, pcm })),
      });
    },
    async close() {
      await threads.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the activity uses of a blob store, over a folder. */
function createFolderBlobs(root: string, written: string[]): BlobStore {
  const pathOf = (key: string): string => join(root, key);
  const describe = async (key: string): Promise<StoredBlob> => {
    const bytes = await readFile(pathOf(key));
    return { key, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const missing = (key: string): never => {
    throw new BlobMissingError(key);
  };
  return {
    async put(key, source) {
      const pieces: Uint8Array[] = [];
      for await (const piece of source) pieces.push(piece);
      await mkdir(dirname(pathOf(key)), { recursive: true });
      await writeFile(pathOf(key), Buffer.concat(pieces));
      written.push(key);
      return await describe(key);
    },
    async putFile(key, path, { consume = false } = {}) {
      await mkdir(dirname(pathOf(key)), { recursive: true });
      await (consume ? rename(path, pathOf(key)) : copyFile(path, pathOf(key)));
      written.push(key);
      return await describe(key);
    },
    async head(key) {
      const found = await stat(pathOf(key)).catch(() => null);
      return found === null ? null : await describe(key);
    },
    async *read(key) {
      yield await readFile(pathOf(key)).catch(() => missing(key));
    },
    async withFile(key, use) {
      await stat(pathOf(key)).catch(() => missing(key));
      return await use(pathOf(key));
    },
    delete: (key) => rm(pathOf(key), { force: true }),
    async *list(prefix) {
      for (const name of await readdir(root, { recursive: true })) if (name.startsWith(prefix)) yield name;
    },
    presign: async () => await Promise.resolve(null),
  };
}
