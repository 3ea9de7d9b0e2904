/** The door of this room: which tags listeners would give a song, by a network. */
import type { Engine, RunOptions } from '../engine/engine.ts';
import type { MonoFile } from '../wav/decode-mono.ts';
import { STYLE_TAGS } from './style-tags.ts';

export interface StyleRun {
  readonly engine: Engine;
  /** The ONNX file of the model `musicnn-msd`, as the model store gave it. */
  readonly modelPath: string;
  readonly signal?: AbortSignal;
  /** 0 to 1, after each window of 3 s that is heard. */
  readonly onProgress?: (fraction: number) => void;
}

/** What a network says of a whole song. */
export interface StyleActivations {
  readonly labels: readonly string[];
  /** Of each label, 0 to 1, each by itself; all zero where nothing sounds, or the song is shorter than 3 s. */
  readonly probabilities: Float32Array;
}

/**
 * Tags as musicnn hears them (Pons and Serra, musicnn: pre-trained convolutional neural networks for music audio tagging, ISMIR 2019, late-breaking):
 * the mean over the song's windows. Computed in the engine process, on one of its threads.
 *
 * @param song mono at 16,000 Hz, as `decodeMono` gives it; of any length, silence included
 * @throws EngineTaskError, for samples that are not finite too; EngineCrashError; the reason of an aborted signal.
 */
export async function hearStyle({ path: samplesPath, samples }: MonoFile, run: StyleRun): Promise<StyleActivations> {
  const { engine, modelPath, signal, onProgress } = run;
  signal?.throwIfAborted();
  const options: RunOptions = {
    ...(signal === undefined ? {} : { signal }),
    onProgress: (fraction) => {
      if (fraction !== undefined) onProgress?.(fraction);
    },
  };
  const probabilities = await engine.run('computeStyle', { modelPath, samplesPath, samples }, options);
  return { labels: STYLE_TAGS, probabilities: Float32Array.from(probabilities) };
}
