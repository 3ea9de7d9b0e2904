// A bench for the media activities: real ffmpeg, a real blob folder, a real activity context, and a look at what is left behind.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { findProgram, runChild } from '../../runtime/child.ts';
import { createLogger } from '../../runtime/log.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { FailureReport } from '../../workflows/contract/failure.ts';
import { isFailureCode } from '../../workflows/contract/failure.ts';
import type { MediaActivities } from '../../workflows/contract/media-activities.ts';
import type { DecodedRecording, ProbedSource, StoredSource } from '../../workflows/contract/recording.ts';
import { createTestBlobs } from './blobs.test-kit.ts';
import { createMediaActivities } from './create-media-activities.ts';
import type { MediaLimits } from './media-dependencies.ts';

export interface MediaBench {
  readonly folder: string;
  readonly tools: MediaTools;
  readonly blobs: BlobStore;
  readonly activities: MediaActivities;
  /** Lines that were put on the card. */
  readonly lines: string[];
  /** How far renderings were said to be. */
  readonly fractions: number[];
  /** Stores bytes as an upload. */
  upload(bytes: Uint8Array, title?: string): Promise<StoredSource>;
  /** Runs inside an activity. */
  inActivity<T>(work: () => Promise<T>): Promise<T>;
  ingest(source: StoredSource): Promise<{ readonly probed: ProbedSource; readonly decoded: DecodedRecording }>;
  /** The refusal that the work ends with; fails where it ends otherwise. */
  refusalOf(work: () => Promise<unknown>): Promise<FailureReport>;
  /** Names in the scratch folder, which must be empty after every activity. */
  scratch(): Promise<string[]>;
  keys(prefix: string): Promise<string[]>;
  /** Runs ffmpeg without guards, to make test files. */
  ffmpeg(...args: readonly string[]): Promise<void>;
}

const LIMITS: MediaLimits = {
  longestSongSeconds: 1800,
  shortestSongSeconds: 0.1,
  largestUploadBytes: 100_000_000,
  mostChannels: 8,
};

export function findTestTools(): MediaTools {
  const [ffmpegPath, ffprobePath] = [findProgram('ffmpeg'), findProgram('ffprobe')];
  if (ffmpegPath === null || ffprobePath === null) throw new Error('these tests need ffmpeg and ffprobe');
  return { ffmpegPath, ffprobePath };
}

export async function createMediaBench(t: TestContext, limits: Partial<MediaLimits> = {}): Promise<MediaBench> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-media-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const tools = findTestTools();
  const blobs = createTestBlobs(join(folder, 'blobs'));
  const scratchDir = join(folder, 'scratch');
  const lines: string[] = [];
  const fractions: number[] = [];
  const activities = createMediaActivities({
    blobs,
    tools,
    scratchDir,
    limits: { ...LIMITS, ...limits },
    reportProgress: async ({ line }) => {
      if (line !== undefined) lines.push(line);
    },
    reportRendering: async (_, fraction) => {
      fractions.push(fraction);
    },
    log: createLogger({ name: 'test', level: 'silent', destination: 'stderr' }),
  });
  const inActivity = async <T>(work: () => Promise<T>): Promise<T> =>
    new MockActivityEnvironment().run<[], T, () => Promise<T>>(work);

  return {
    folder,
    tools,
    blobs,
    activities,
    lines,
    fractions,
    inActivity,
    async upload(bytes, title = 'a song') {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const stored = await blobs.put(`sources/${sha256}`, pieces(bytes));
      return { ...stored, title };
    },
    async ingest(source) {
      const probed = await inActivity(() => activities.probeSource({ jobId: 'job', source }));
      const decoded = await inActivity(() => activities.decodeRecording({ jobId: 'job', source, probed }));
      return { probed, decoded };
    },
    refusalOf,
    scratch: () => readdir(scratchDir).catch(() => []),
    async keys(prefix) {
      const keys: string[] = [];
      for await (const key of blobs.list(prefix)) keys.push(key);
      return keys.sort();
    },
    async ffmpeg(...args) {
      const { code, stderr } = await runChild(tools.ffmpegPath, ['-nostdin', '-v', 'error', '-y', ...args], {
        cwd: folder,
      });
      assert.equal(code, 0, stderr);
    },
  };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export async function refusalOf(work: () => Promise<unknown>): Promise<FailureReport> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    assert.equal(error.nonRetryable, true);
    assert.ok(isFailureCode(error.type), `${String(error.type)} is no failure code`);
    const [facts] = error.details as [FailureReport['facts']];
    return { code: error.type, facts };
  }
  return assert.fail('nothing was refused');
}

/** The samples of a float32 WAV file with a 58-byte header, interleaved. */
export async function readSamples(blobs: BlobStore, key: string): Promise<Float32Array> {
  return blobs.withFile(key, async (path) => {
    const bytes = await readFile(path);
    return new Float32Array(new Uint8Array(bytes.subarray(58)).buffer);
  });
}
