/** The door of this room: where a network hears beats and downbeats in a song. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BeatActivations } from '../analysis/heard-by-network.ts';
import type { Engine } from '../engine/engine.ts';
import { runShares } from '../engine/run-shares.ts';
import type { MonoFile } from '../wav/decode-mono.ts';
import { readActivations } from './activations-file.ts';
import { beatChunks, frameCount } from './beat-grid.ts';

export interface BeatRun {
  readonly engine: Engine;
  /** The ONNX file of a model whose task is `beats`, as the model store gave it. */
  readonly modelPath: string;
  /** Private to this run: a file is made in it, and removed. */
  readonly folder: string;
  /** Of the engine; all by default, as far as memory suffices for their chunks. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** 0 to 1, after each chunk of 30 s. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * What Beat This says of every 20 ms of a song (Foscarin, Schlüter and Widmer, Beat This! Accurate Beat Tracking Without DBN Postprocessing, ISMIR 2024).
 * Computed in the engine process, of which each thread holds no more than a chunk at a time.
 *
 * @param song mono at 22,050 Hz, as `decodeMono` gives it; of any length, and none of it shorter than 24 ms has a frame
 * @throws EngineTaskError, for samples that are not finite too; EngineCrashError; the reason of an aborted signal.
 */
export async function hearBeats({ path: samplesPath, samples }: MonoFile, run: BeatRun): Promise<BeatActivations> {
  run.signal?.throwIfAborted();
  const activationsPath = join(run.folder, 'beats.f32');
  try {
    await writeFile(activationsPath, '');
    await computeActivations(run, { samples, samplesPath, activationsPath });
    return await readActivations(activationsPath, frameCount(samples));
  } finally {
    await rm(activationsPath, { force: true });
  }
}

interface Song {
  readonly samples: number;
  readonly samplesPath: string;
  readonly activationsPath: string;
}

/** What a chunk needs of memory while the large network hears it, 0.9 GB as measured, and a little more. */
const CHUNK_BYTES = 1e9;
/** By what one chunk takes, these hear a song of 3 minutes in 3 to 5 s: more are not worth a gigabyte each, beside separators and their models. */
const MOST_CHUNKS = 4;

/** How many chunks may be in memory at a time, of all songs; one at least. @param availableBytes of memory, the limits of a container counted in */
export function chunksAtOnce(availableBytes: number): number {
  return Math.max(1, Math.min(MOST_CHUNKS, Math.floor(availableBytes / CHUNK_BYTES)));
}

/** Each thread takes its share of the chunks. */
async function computeActivations(
  { engine, modelPath, threads, signal, onProgress }: BeatRun,
  song: Song,
): Promise<void> {
  const total = beatChunks(frameCount(song.samples)).length;
  // Beats of several songs share these: together they hold no more chunks either.
  const lanes = Math.min(threads ?? engine.threads, chunksAtOnce(process.availableMemory()));
  await runShares({ total, threads: lanes, signal, onProgress }, async (chunks, options) => {
    await engine.run('computeBeatActivations', { modelPath, ...song, chunks }, { ...options, lanes });
  });
}
