/** Runs the listening activities as the worker would: the real engine, networks, ffmpeg and files. */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { findProgram, runChild } from '../../runtime/child.ts';
import type { ListenActivities } from '../../workflows/contract/compute-activities.ts';
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import type { HeardSheet } from '../../workflows/contract/sheets.ts';
import { createEngine } from '../engine/engine.ts';
import { BASIC_PITCH } from '../models/manifest/note-models.ts';
import { WHISPER_TINY_EN } from '../models/manifest/whisper-models.ts';
import { createModelStore } from '../models/model-store.ts';
import { createFinishBench } from './finish-bench.test-kit.ts';
import type { FinishBench } from './finish-bench.test-kit.ts';
import { createHearNotes } from './hear-notes.ts';
import { createHearWords } from './hear-words.ts';
import type { HearWordsDeps } from './hear-words.ts';

export interface ListenBench extends Pick<FinishBench, 'blobs' | 'putWav' | 'written' | 'reports'> {
  readonly deps: HearWordsDeps;
  hearWords(pcm: PcmBlob, run?: ListenRun & { readonly given?: string }): Promise<HeardSheet>;
  hearNotes(pcm: PcmBlob, run?: ListenRun): Promise<HeardSheet>;
  readLyrics(sheet: HeardSheet): Promise<SongLyrics>;
  readNotes(sheet: HeardSheet): Promise<readonly HeardNote[]>;
  /** Names in the scratch folder, which must be empty after every activity. */
  scratch(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface ListenRun {
  readonly deps?: Partial<HearWordsDeps>;
  readonly environment?: MockActivityEnvironment;
}

export async function createListenBench(): Promise<ListenBench> {
  const bench = await createFinishBench();
  const scratchDir = join(bench.folder, 'listening');
  await mkdir(scratchDir);
  const cacheDir = process.env['WOODSHED_CACHE'] ?? join(homedir(), '.cache', 'woodshed');
  const log = pino({ level: 'silent' });
  const engine = createEngine({ threads: 2 });
  const deps: HearWordsDeps = {
    blobs: bench.blobs,
    models: createModelStore({ cacheDir, log, allowNonCommercial: false }),
    engine,
    tools: bench.tools,
    scratchDir,
    log,
    modelId: WHISPER_TINY_EN,
    reportProgress: async (report) => {
      await Promise.resolve();
      bench.reports.push(report);
    },
  };
  async function run<Name extends 'hearWords' | 'hearNotes'>(
    activity: ListenActivities[Name],
    input: Parameters<ListenActivities[Name]>[0],
    environment = new MockActivityEnvironment(),
  ): Promise<HeardSheet> {
    return await environment.run(activity as (given: typeof input) => Promise<HeardSheet>, input);
  }
  const read = async (sheet: HeardSheet): Promise<unknown> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of bench.blobs.read(sheet.heard.key)) pieces.push(piece);
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  };
  return {
    ...bench,
    deps,
    hearWords: async (pcm, { deps: more, environment, given = null } = {}) =>
      await run<'hearWords'>(createHearWords({ ...deps, ...more }), { jobId: 'job', pcm, given }, environment),
    hearNotes: async (pcm, { deps: more, environment } = {}) =>
      await run<'hearNotes'>(createHearNotes({ ...deps, ...more }), { jobId: 'job', pcm }, environment),
    readLyrics: async (sheet) => (await read(sheet)) as SongLyrics,
    readNotes: async (sheet) => (await read(sheet)) as HeardNote[],
    scratch: async () => await readdir(scratchDir),
    async close() {
      await engine.close();
      await bench.close();
    },
  };
}

/** False, and the test skipped, where a network, ffmpeg or espeak-ng cannot be had. */
export async function canListen(t: TestContext, { deps }: ListenBench): Promise<boolean> {
  if (findProgram('ffmpeg') === null) t.skip('no ffmpeg on the PATH');
  else if (findProgram('espeak-ng') === null) t.skip('there is no espeak-ng here');
  else {
    try {
      for (const id of [WHISPER_TINY_EN, BASIC_PITCH]) await deps.models.ensure(id);
      return true;
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type !== 'model-missing') throw error;
      t.skip('no source of the networks answers from here');
    }
  }
  return false;
}

export const SPEECH_RATE_HZ = 22_050;

/** @param voice of espeak-ng, such as `en-us` */
export async function speak(folder: string, voice: string, text: string): Promise<Float32Array> {
  const cwd = await mkdtemp(join(folder, 'speech-'));
  try {
    await runChild('espeak-ng', ['-v', voice, '-s', '140', '-w', 'line.wav', text], { cwd, env: {} });
    // 16-bit mono after a header of 44 bytes.
    const wav = await readFile(join(cwd, 'line.wav'));
    return Float32Array.from({ length: (wav.length - 44) >> 1 }, (_, n) => wav.readInt16LE(44 + 2 * n) / 32_768);
  } finally {
    await rm(cwd, { recursive: true });
  }
}
