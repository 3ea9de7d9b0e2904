/** The door of this room: what is played or sung in a recording of one instrument, as notes. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { Engine } from '../engine/engine.ts';
import { runShares } from '../engine/run-shares.ts';
import type { MonoFile } from '../wav/decode-mono.ts';
import { frameCount, windowCount } from './note-grid.ts';
import { checkNoteOptions, NOTE_DEFAULTS } from './note-options.ts';
import type { NoteOptions } from './note-options.ts';

export interface NoteRun {
  readonly engine: Engine;
  /** The ONNX file of the model `basic-pitch`, as the model store gave it. */
  readonly modelPath: string;
  /** Private to this run: a file is made in it, and removed. */
  readonly folder: string;
  /** Of the engine; all by default. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** 0 to 1, after each window of 1.6 s. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Notes as Basic Pitch hears them (Bittner et al., A Lightweight Instrument-Agnostic Model for Polyphonic Note Transcription and
 * Multipitch Estimation, ICASSP 2022), by their start, then by pitch. Computed in the engine process.
 *
 * @param song mono at 22,050 Hz, as `decodeMono` gives it; of any length, silence included
 * @throws RangeError for options out of their range.
 * @throws EngineTaskError, for samples that are not finite too; EngineCrashError; the reason of an aborted signal.
 */
export async function hearNotes(
  { path: samplesPath, samples }: MonoFile,
  chosen: Partial<NoteOptions>,
  run: NoteRun,
): Promise<readonly HeardNote[]> {
  const options = { ...NOTE_DEFAULTS, ...chosen };
  checkNoteOptions(options);
  run.signal?.throwIfAborted();
  const frames = frameCount(samples);
  if (frames === 0) return [];
  const posteriorsPath = join(run.folder, 'posteriors.f32');
  try {
    await writeFile(posteriorsPath, '');
    await computePosteriors(run, { samples, samplesPath, posteriorsPath });
    const within = run.signal === undefined ? {} : { signal: run.signal };
    return await run.engine.run('createNotes', { posteriorsPath, frames, options }, within);
  } finally {
    await rm(posteriorsPath, { force: true });
  }
}

interface Song {
  readonly samples: number;
  readonly samplesPath: string;
  readonly posteriorsPath: string;
}

/** Each thread takes its share of the windows. */
async function computePosteriors(
  { engine, modelPath, threads, signal, onProgress }: NoteRun,
  song: Song,
): Promise<void> {
  const total = windowCount(song.samples);
  await runShares({ total, threads: threads ?? engine.threads, signal, onProgress }, async (windows, options) => {
    await engine.run('computePosteriors', { modelPath, ...song, windows }, options);
  });
}
