/** What the network says of a song, frame after frame, each value a probability. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { readFully } from '../engine/read-fully.ts';
import { writeFully } from '../engine/write-fully.ts';
import { CONTOUR_BINS, PITCHES } from './note-grid.ts';

export interface Posteriors {
  readonly frames: number;
  /** [frames, 88]: the pitch sounds. */
  readonly note: Float32Array;
  /** [frames, 88]: the pitch begins. */
  readonly onset: Float32Array;
  /** [frames, 264]: this third of a semitone sounds. The first is the middle of the lowest semitone. */
  readonly contour: Float32Array;
}

/** In the order of the file, with how many values of each a frame has. */
const PLANES = [
  ['note', PITCHES],
  ['onset', PITCHES],
  ['contour', CONTOUR_BINS],
] as const;
const FRAME_VALUES = 2 * PITCHES + CONTOUR_BINS;

/**
 * Writes frames `firstFrame` and following of a song of `songFrames` to their places in its file, one plane after the other.
 * Frames behind the song's last are left out. Several may write to one file at a time.
 */
export async function writePosteriors(
  file: FileHandle,
  songFrames: number,
  firstFrame: number,
  part: Posteriors,
): Promise<void> {
  const count = Math.min(part.frames, songFrames - firstFrame);
  let plane = 0;
  for (const [name, values] of PLANES) {
    const bytes = bytesOf(part[name].subarray(0, count * values));
    await writeFully(file, bytes, (plane + firstFrame * values) * Float32Array.BYTES_PER_ELEMENT);
    plane += songFrames * values;
  }
}

/** @throws Error when the file is not that of a song of so many frames. */
export async function readPosteriors(path: string, frames: number): Promise<Posteriors> {
  await using file = await open(path, 'r');
  const all = new Float32Array(frames * FRAME_VALUES);
  await readFully(file, all, 0);
  const [onsetAt, contourAt] = [frames * PITCHES, 2 * frames * PITCHES];
  return {
    frames,
    note: all.subarray(0, onsetAt),
    onset: all.subarray(onsetAt, contourAt),
    contour: all.subarray(contourAt),
  };
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
