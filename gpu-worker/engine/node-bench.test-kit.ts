/** Runs the activity as the worker would: a real engine process, real files, a blob store in a temporary folder. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import pino from 'pino';
import { BlobMissingError } from '../../workflows/contract/blob-store.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ComputeActivities } from '../../workflows/contract/compute-activities.ts';
import type { ProgressReport } from '../../workflows/contract/job.ts';
import type { PcmBlob, StoredBlob } from '../../workflows/contract/recording.ts';
import { createSeparateNode } from '../activities/separate-node.ts';
import type { SeparateNodeDeps } from '../activities/separate-node.ts';
import { createFrameReader, readWavHeader } from '../wav/read-wav.ts';
import { createWavWriter } from '../wav/write-wav.ts';
import { createEngine } from './engine.ts';
import type { Engine, EngineOptions } from './engine.ts';

type NodeInput = Parameters<ComputeActivities['separateNode']>[0];
type NodeOutput = Awaited<ReturnType<ComputeActivities['separateNode']>>;

export interface NodeRun {
  readonly separator: string;
  readonly mix: PcmBlob;
  /** `fast` by default. */
  readonly quality?: NodeInput['quality'];
  readonly deps?: Partial<SeparateNodeDeps>;
  readonly environment?: MockActivityEnvironment;
}

export interface NodeBench {
  readonly folder: string;
  /** Handed to the test separators as their model's path. */
  readonly gateFolder: string;
  readonly engine: Engine;
  readonly blobs: BlobStore;
  /** Ranges in the order in which they were computed, as the log says. */
  readonly computed: string[];
  readonly warnings: string[];
  readonly reports: ProgressReport[];
  putMix(channels: readonly Float32Array[]): Promise<PcmBlob>;
  run(run: NodeRun): Promise<NodeOutput>;
  readBlob(key: string): Promise<Buffer>;
  readSamples(key: string): Promise<Float32Array[]>;
  keys(prefix: string): Promise<string[]>;
  close(): Promise<void>;
}

export const KIT_REGISTRY = new URL('engine-separators.test-kit.ts', import.meta.url);

export async function createNodeBench(options: Partial<EngineOptions> = {}): Promise<NodeBench> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-engine-'));
  const [scratchDir, gateFolder, blobFolder] = ['scratch', 'gate', 'blobs'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [scratchDir, gateFolder, blobFolder]) await mkdir(made);
  const engine = createEngine({ threads: 2, registryUrl: KIT_REGISTRY, ...options });
  const blobs = createFolderBlobs(blobFolder);
  const computed: string[] = [];
  const warnings: string[] = [];
  const reports: ProgressReport[] = [];
  const log = pino(
    { level: 'info' },
    {
      write(line: string) {
        const { chunk, msg, level } = JSON.parse(line) as { chunk?: string; msg: string; level: number };
        if (msg === 'chunk computed' && chunk !== undefined) computed.push(chunk);
        if (level >= 40) warnings.push(line);
      },
    },
  );
  const deps: SeparateNodeDeps = {
    blobs,
    engine,
    device: 'cpu',
    scratchDir,
    chunkSize: { windows: 1 },
    log,
    models: {
      ensure: async () => await Promise.resolve({ onnxPaths: [gateFolder], compiledSha256s: ['0'.repeat(64)] }),
    },
    reportProgress: async (report) => {
      await Promise.resolve();
      reports.push(report);
    },
  };
  let mixes = 0;
  return {
    folder,
    gateFolder,
    engine,
    blobs,
    computed,
    warnings,
    reports,
    async putMix(channels) {
      const path = join(folder, 'mix.wav');
      const writer = await createWavWriter(path, { rateHz: 44_100, channels: channels.length });
      await writer.write(channels);
      const { samples } = await writer.close();
      const blob = await blobs.putFile(`mixes/${String(mixes++)}.wav`, path, { consume: true });
      return { ...blob, rateHz: 44_100, channels: channels.length, samples };
    },
    async run({ separator, mix, quality = 'fast', deps: overrides, environment = createEnvironment() }) {
      const separateNode = createSeparateNode({ ...deps, ...overrides });
      const input: NodeInput = { jobId: 'job', separator, quality, input: mix, progress: { from: 0, to: 1 } };
      return await environment.run(separateNode, input);
    },
    readBlob: async (key) => await readFile(join(blobFolder, key)),
    async readSamples(key) {
      await using handle = await open(join(blobFolder, key), 'r');
      const header = await readWavHeader(handle);
      const channels = Array.from({ length: header.channels }, () => new Float32Array(header.samples));
      await createFrameReader(handle, header).read(0, header.samples, channels);
      return channels;
    },
    async keys(prefix) {
      const found: string[] = [];
      for await (const key of blobs.list(prefix)) found.push(key);
      return found;
    },
    async close() {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Expected failures are the tests' own business, and not for the screen. */
export function createEnvironment(): MockActivityEnvironment {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
}

/** The contract with a folder behind it and no promise about power cuts. */
function createFolderBlobs(root: string): BlobStore {
  const pathOf = (key: string): string => join(root, key);
  async function describe(key: string): Promise<StoredBlob> {
    const hash = createHash('sha256');
    for await (const piece of createReadStream(pathOf(key))) hash.update(piece as Buffer);
    return { key, bytes: (await stat(pathOf(key))).size, sha256: hash.digest('hex') };
  }
  const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
  return {
    async put(key, source) {
      await mkdir(dirname(pathOf(key)), { recursive: true });
      await pipeline(source, createWriteStream(`${pathOf(key)}.new`));
      await rename(`${pathOf(key)}.new`, pathOf(key));
      return await describe(key);
    },
    async putFile(key, path, options) {
      await mkdir(dirname(pathOf(key)), { recursive: true });
      if (options?.consume === true) await rename(path, pathOf(key));
      else await copyFile(path, pathOf(key));
      const stored = await describe(key);
      // A real store takes the hash on trust.
      if (options?.sha256 !== undefined) assert.equal(options.sha256, stored.sha256);
      return stored;
    },
    async head(key) {
      try {
        return await describe(key);
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async *read(key, range) {
      const stream = createReadStream(pathOf(key), range);
      await once(stream, 'open');
      yield* stream as AsyncIterable<Uint8Array>;
    },
    async withFile(key, use) {
      if ((await this.head(key)) === null) throw new BlobMissingError(key);
      return await use(pathOf(key));
    },
    async delete(key) {
      await rm(pathOf(key), { force: true });
    },
    async *list(prefix) {
      for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
        const key = join(entry.parentPath, entry.name).slice(root.length + 1);
        if (entry.isFile() && key.startsWith(prefix)) yield key;
      }
    },
    presign: async () => await Promise.resolve(null),
  };
}
