/** The door of this room: which chords a network hears in a recording, frame by frame. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChordActivations } from '../analysis/heard-by-network.ts';
import type { Engine, RunOptions } from '../engine/engine.ts';
import type { MonoFile } from '../wav/decode-mono.ts';
import { FRAMES_PER_SECOND } from './chord-grid.ts';
import { CHORD_CLASSES } from './chord-labels.ts';

export interface ChordRun {
  readonly engine: Engine;
  /** The ONNX file of the model `crema-chords`, as the model store gave it. */
  readonly modelPath: string;
  /** Private to this run: a file is made in it, and removed. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** 0 to 1, after each 24 s of the song or more. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Probabilities of chords as crema hears them (McFee and Bello, Structured training for large-vocabulary chord recognition, ISMIR 2017), and of their
 * inversions by its output for the bass. Computed in the engine process, on one of its threads.
 *
 * @param song mono at 44,100 Hz, as `decodeMono` gives it; of any length, silence included
 * @throws EngineTaskError, for samples that are not finite too; EngineCrashError; the reason of an aborted signal.
 */
export async function hearChords({ path: samplesPath, samples }: MonoFile, run: ChordRun): Promise<ChordActivations> {
  const { engine, modelPath, folder, signal, onProgress } = run;
  signal?.throwIfAborted();
  const activationsPath = join(folder, 'chord-activations.f32');
  const options: RunOptions = {
    ...(signal === undefined ? {} : { signal }),
    onProgress: (fraction) => {
      if (fraction !== undefined) onProgress?.(fraction);
    },
  };
  try {
    await writeFile(activationsPath, '');
    await engine.run('computeChordActivations', { modelPath, samplesPath, samples, activationsPath }, options);
    const bytes = await readFile(activationsPath);
    return {
      framesPerSecond: FRAMES_PER_SECOND,
      labels: CHORD_CLASSES.map(({ label }) => label),
      probabilities: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
    };
  } finally {
    await rm(activationsPath, { force: true });
  }
}
