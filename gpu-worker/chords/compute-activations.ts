/** Runs the chord network over a song, on a thread of the engine process. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import { loadFft } from '../dsp/fft.ts';
import type { TaskControl } from '../engine/chunk-computer.ts';
import { writeFully } from '../engine/write-fully.ts';
import { networkOutput } from '../models/network-output.ts';
import { createModelSession } from '../models/session.ts';
import { PLANE_BINS, PLANE_OCTAVES } from './chord-grid.ts';
import { BASS_CLASSES, CHORD_CLASSES, NETWORK_CLASSES, shareOutInversions } from './chord-labels.ts';
import { planePeaks, readSpectrum, SPECTRUM_BINS, spectrumPlanes } from './chord-spectrum.ts';

export interface ChordTask {
  readonly modelPath: string;
  /** Mono float32 samples at 44,100 Hz and nothing else. */
  readonly samplesPath: string;
  readonly samples: number;
  /** Receives frames × classes of probabilities, float32; it is there. */
  readonly activationsPath: string;
}

/** The network hears so many frames at once, 9 minutes, and half a minute before and behind them: whole songs, as a rule. */
const WINDOW_FRAMES = 6144;
const CONTEXT_FRAMES = 320;
/** Of the time, by experience. */
const SPECTRUM_SHARE = 0.85;

export async function computeChordActivations(task: ChordTask, control: TaskControl): Promise<void> {
  await loadFft();
  await using samples = await open(task.samplesPath, 'r');
  await using activations = await open(task.activationsPath, 'r+');
  const spectrum = await readSpectrum(samples, task.samples, (fraction) => {
    control.checkpoint(SPECTRUM_SHARE * fraction);
  });
  const frames = spectrum.length / SPECTRUM_BINS;
  const peaks = planePeaks(spectrum);
  const session = await createModelSession(task.modelPath, { device: 'cpu', threads: 1 });
  try {
    for (let start = 0; start < frames; start += WINDOW_FRAMES) {
      const end = Math.min(frames, start + WINDOW_FRAMES);
      const [from, to] = [Math.max(0, start - CONTEXT_FRAMES), Math.min(frames, end + CONTEXT_FRAMES)];
      const heard = await hearFrames(session, spectrumPlanes(spectrum, peaks, from, to), to - from);
      await writeRows(activations, start, heard.subarray((start - from) * ROW, (end - from) * ROW));
      control.checkpoint(SPECTRUM_SHARE + (1 - SPECTRUM_SHARE) * (end / frames));
    }
  } finally {
    await session.release();
  }
}

const ROW = CHORD_CLASSES.length;

async function hearFrames(session: InferenceSession, planes: Float32Array, frames: number): Promise<Float32Array> {
  const input = new Tensor('float32', planes, [1, PLANE_OCTAVES.length, frames, PLANE_BINS]);
  const results = await session.run({ spectrum: input });
  const classes = NETWORK_CLASSES.length;
  const tags = networkOutput(results, 'chord_tag', frames * classes);
  const bass = networkOutput(results, 'chord_bass', frames * BASS_CLASSES);
  const rows = new Float32Array(frames * ROW);
  for (let frame = 0; frame < frames; frame++) {
    shareOutInversions(
      tags.subarray(frame * classes, (frame + 1) * classes),
      bass.subarray(frame * BASS_CLASSES, (frame + 1) * BASS_CLASSES),
      rows.subarray(frame * ROW, (frame + 1) * ROW),
    );
  }
  return rows;
}

async function writeRows(file: FileHandle, row: number, rows: Float32Array): Promise<void> {
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  await writeFully(file, bytes, row * ROW * Float32Array.BYTES_PER_ELEMENT);
}
