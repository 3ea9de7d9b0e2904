/** Runs the network over some windows of a song, on a thread of the engine process: onnxruntime blocks it for each window. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import type { TaskControl } from '../engine/chunk-computer.ts';
import { readAvailable } from '../engine/read-fully.ts';
import { networkOutput } from '../models/network-output.ts';
import { createModelSession } from '../models/session.ts';
import {
  CONTOUR_BINS,
  EDGE_FRAMES,
  frameCount,
  KEPT_FRAMES,
  PITCHES,
  WINDOW_SAMPLES,
  windowStart,
} from './note-grid.ts';
import { writePosteriors } from './posteriors.ts';
import type { Posteriors } from './posteriors.ts';

export interface PosteriorTask {
  readonly modelPath: string;
  /** Mono float32 samples at 22,050 Hz and nothing else. */
  readonly samplesPath: string;
  /** Length of the whole song. */
  readonly samples: number;
  /** Windows of the song, `end` not among them. */
  readonly windows: { readonly start: number; readonly end: number };
  /** The song's posteriors are written to their places in this file, which is there. */
  readonly posteriorsPath: string;
}

/** Its session stays open between songs. */
export type ComputePosteriors = (task: PosteriorTask, control: TaskControl) => Promise<void>;

const WINDOW_FRAMES = EDGE_FRAMES + KEPT_FRAMES + EDGE_FRAMES;
const INPUT = 'serving_default_input_2:0';
const OUTPUTS = {
  contour: 'StatefulPartitionedCall:0',
  note: 'StatefulPartitionedCall:1',
  onset: 'StatefulPartitionedCall:2',
};

export function createPosteriorComputer(): ComputePosteriors {
  let opened: { readonly path: string; readonly session: InferenceSession } | null = null;

  async function sessionOf(path: string): Promise<InferenceSession> {
    if (opened?.path === path) return opened.session;
    await opened?.session.release();
    opened = null;
    opened = { path, session: await createModelSession(path, { device: 'cpu', threads: 1 }) };
    return opened.session;
  }

  return async function computePosteriors(task, control) {
    const session = await sessionOf(task.modelPath);
    const songFrames = frameCount(task.samples);
    await using samples = await open(task.samplesPath, 'r');
    await using posteriors = await open(task.posteriorsPath, 'r+');
    for (let window = task.windows.start; window < task.windows.end; window++) {
      const input = await readWindow(samples, windowStart(window));
      if (!input.every((sample) => Number.isFinite(sample))) throw new RangeError('samples that are not finite');
      const part = await hearWindow(session, input);
      await writePosteriors(posteriors, songFrames, window * KEPT_FRAMES, part);
      control.checkpoint();
    }
  };
}

/** Zero before the song's first sample and behind its last. */
async function readWindow(samples: FileHandle, start: number): Promise<Float32Array> {
  const window = new Float32Array(WINDOW_SAMPLES);
  const inside = window.subarray(Math.max(0, -start));
  await readAvailable(samples, inside, Math.max(0, start) * Float32Array.BYTES_PER_ELEMENT);
  return window;
}

/** The frames of a window that are kept. */
async function hearWindow(session: InferenceSession, window: Float32Array): Promise<Posteriors> {
  const results = await session.run({ [INPUT]: new Tensor('float32', window, [1, WINDOW_SAMPLES, 1]) });
  const kept = (name: keyof typeof OUTPUTS, values: number): Float32Array => {
    const all = networkOutput(results, OUTPUTS[name], WINDOW_FRAMES * values);
    return all.subarray(EDGE_FRAMES * values, (EDGE_FRAMES + KEPT_FRAMES) * values);
  };
  return {
    frames: KEPT_FRAMES,
    note: kept('note', PITCHES),
    onset: kept('onset', PITCHES),
    contour: kept('contour', CONTOUR_BINS),
  };
}
