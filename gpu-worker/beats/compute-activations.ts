/** Runs the network over some chunks of a song, on a thread of the engine process: onnxruntime blocks it for each chunk. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import { loadFft } from '../dsp/fft.ts';
import type { TaskControl } from '../engine/chunk-computer.ts';
import { networkOutput } from '../models/network-output.ts';
import { createModelSession } from '../models/session.ts';
import { writeActivations } from './activations-file.ts';
import type { FrameLogits } from './activations-file.ts';
import { beatChunks, frameCount, MEL_BANDS } from './beat-grid.ts';
import type { BeatChunk } from './beat-grid.ts';
import { createBeatSpectrogram } from './beat-spectrogram.ts';
import type { BeatSpectrogram } from './beat-spectrogram.ts';
import { readFrameSamples } from './frame-samples.ts';

export interface ActivationTask {
  readonly modelPath: string;
  /** Mono float32 samples at 22,050 Hz and nothing else. */
  readonly samplesPath: string;
  /** Length of the whole song. */
  readonly samples: number;
  /** Chunks of the song, `end` not among them. */
  readonly chunks: { readonly start: number; readonly end: number };
  /** The song's logits are written to their places in this file, which is there. */
  readonly activationsPath: string;
}

/** The session is closed again: its memory, up to a gigabyte for a chunk, is worth more than the tenth of a second that opening takes. */
export async function computeBeatActivations(task: ActivationTask, control: TaskControl): Promise<void> {
  await loadFft();
  const spectrogram = createBeatSpectrogram();
  const frames = frameCount(task.samples);
  await using samples = await open(task.samplesPath, 'r');
  await using activations = await open(task.activationsPath, 'r+');
  const session = await createModelSession(task.modelPath, { device: 'cpu', threads: 1 });
  try {
    for (const chunk of beatChunks(frames).slice(task.chunks.start, task.chunks.end)) {
      const input = await chunkSpectrogram(samples, task.samples, chunk, spectrogram);
      const logits = await hearChunk(session, input, chunk);
      await writeActivations(activations, frames, chunk.kept.start, logits);
      control.checkpoint();
    }
  } finally {
    await session.release();
  }
}

/** [frames of the chunk, 128]. Zero before the song's first frame and behind its last. */
async function chunkSpectrogram(
  file: FileHandle,
  songSamples: number,
  { start, end }: BeatChunk,
  spectrogram: BeatSpectrogram,
): Promise<Float32Array> {
  const heard = { start: Math.max(0, start), end: Math.min(frameCount(songSamples), end) };
  const samples = await readFrameSamples(file, songSamples, heard);
  if (!samples.every((sample) => Number.isFinite(sample))) throw new RangeError('samples that are not finite');
  const frames = new Float32Array((end - start) * MEL_BANDS);
  spectrogram.compute(samples, frames.subarray((heard.start - start) * MEL_BANDS, (heard.end - start) * MEL_BANDS));
  return frames;
}

/** Of the frames that are kept. */
async function hearChunk(
  session: InferenceSession,
  spectrogram: Float32Array,
  { start, end, kept }: BeatChunk,
): Promise<FrameLogits> {
  const results = await session.run({ spectrogram: new Tensor('float32', spectrogram, [1, end - start, MEL_BANDS]) });
  const logitsOf = (name: 'beat' | 'downbeat'): Float32Array =>
    networkOutput(results, name, end - start).subarray(kept.start - start, kept.end - start);
  return { beats: logitsOf('beat'), downbeats: logitsOf('downbeat') };
}
