/** What the network says of a song, between two tasks of the engine: the logits of all beats, then those of all downbeats. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { BeatActivations } from '../analysis/heard-by-network.ts';
import { readFully } from '../engine/read-fully.ts';
import { writeFully } from '../engine/write-fully.ts';
import { BEAT_FRAMES_PER_SECOND } from './beat-grid.ts';

/** Logits of some frames. */
export interface FrameLogits {
  readonly beats: Float32Array;
  readonly downbeats: Float32Array;
}

/** Frames `firstFrame` and following, of a song of `songFrames`, to their places. Several may write to one file at a time. */
export async function writeActivations(
  file: FileHandle,
  songFrames: number,
  firstFrame: number,
  { beats, downbeats }: FrameLogits,
): Promise<void> {
  const bytes = Float32Array.BYTES_PER_ELEMENT;
  await writeFully(file, bytesOf(beats), firstFrame * bytes);
  await writeFully(file, bytesOf(downbeats), (songFrames + firstFrame) * bytes);
}

/** @throws Error when the file is not that of a song of so many frames. */
export async function readActivations(path: string, songFrames: number): Promise<BeatActivations> {
  await using file = await open(path, 'r');
  const all = new Float32Array(2 * songFrames);
  await readFully(file, all, 0);
  return {
    framesPerSecond: BEAT_FRAMES_PER_SECOND,
    beats: all.subarray(0, songFrames),
    downbeats: all.subarray(songFrames),
  };
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
