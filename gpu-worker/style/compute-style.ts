/** Runs the network over a song, on a thread of the engine process: onnxruntime blocks it for each window. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import { loadFft } from '../dsp/fft.ts';
import type { TaskControl } from '../engine/chunk-computer.ts';
import { readAvailable } from '../engine/read-fully.ts';
import { networkOutput } from '../models/network-output.ts';
import { createModelSession } from '../models/session.ts';
import { heardWindows, MEL_BANDS, WINDOW_FRAMES, WINDOW_SAMPLES, windowCount, windowStart } from './style-grid.ts';
import { createStyleSpectrogram } from './style-spectrogram.ts';
import { STYLE_TAGS } from './style-tags.ts';

export interface StyleTask {
  readonly modelPath: string;
  /** Mono float32 samples at 16,000 Hz and nothing else. */
  readonly samplesPath: string;
  /** Length of the whole song. */
  readonly samples: number;
}

/** A style does not change from one 3 s to the next: half a minute's worth of windows, spread over the song, says what all of them say. */
const MOST_WINDOWS = 30;
/** A window that stays below, -80 dB of full scale, is a pause; the network would tell a style of it all the same. */
const PAUSE_PEAK = 1e-4;

/** The mean probability of each tag over the windows that are heard; all zero where nothing sounds, or the song has no whole window. */
export async function computeStyle(task: StyleTask, control: TaskControl): Promise<readonly number[]> {
  await loadFft();
  const spectrogram = createStyleSpectrogram();
  const windows = heardWindows(windowCount(task.samples), MOST_WINDOWS);
  const sums = STYLE_TAGS.map(() => 0);
  let sounding = 0;
  await using file = await open(task.samplesPath, 'r');
  const session = await createModelSession(task.modelPath, { device: 'cpu', threads: 1 });
  try {
    for (const [index, window] of windows.entries()) {
      const samples = await readWindow(file, windowStart(window));
      if (!samples.every((sample) => Number.isFinite(sample))) throw new RangeError('samples that are not finite');
      if (samples.some((sample) => Math.abs(sample) >= PAUSE_PEAK)) {
        const input = new Tensor('float32', spectrogram.compute(samples), [1, WINDOW_FRAMES, MEL_BANDS]);
        const tags = networkOutput(await session.run({ spectrogram: input }), 'tags', STYLE_TAGS.length);
        tags.forEach((probability, tag) => (sums[tag]! += probability));
        sounding += 1;
      }
      control.checkpoint((index + 1) / windows.length);
    }
  } finally {
    await session.release();
  }
  return sums.map((sum) => sum / Math.max(1, sounding));
}

/** Zero before the song's first sample and behind its last. */
async function readWindow(file: FileHandle, start: number): Promise<Float32Array> {
  const window = new Float32Array(WINDOW_SAMPLES);
  const inside = window.subarray(Math.max(0, -start));
  await readAvailable(file, inside, Math.max(0, start) * Float32Array.BYTES_PER_ELEMENT);
  return window;
}
