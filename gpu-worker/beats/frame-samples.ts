import type { FileHandle } from 'node:fs/promises';
import { readFully } from '../engine/read-fully.ts';
import { FRAME_SAMPLES, HOP_SAMPLES } from './beat-grid.ts';

const HALF = FRAME_SAMPLES / 2;

/**
 * The samples that some frames of a song are made of, of which no more than these are read. Beyond either end the song is mirrored about its end
 * samples, which are not repeated.
 *
 * @param songSamples more than half a frame
 * @param frames of the song, `end` not among them
 */
export async function readFrameSamples(
  file: FileHandle,
  songSamples: number,
  frames: { readonly start: number; readonly end: number },
): Promise<Float32Array> {
  const from = frames.start * HOP_SAMPLES - HALF;
  const to = (frames.end - 1) * HOP_SAMPLES + HALF;
  // A mirrored end needs half a frame of the song beside it.
  const first = Math.max(0, Math.min(from, songSamples - HALF - 1));
  const last = Math.min(songSamples, Math.max(to, HALF + 1));
  const read = await readSamples(file, first, last);
  const samples = new Float32Array(to - from);
  for (let index = 0; index < samples.length; index++) {
    const at = from + index;
    const inside = at < 0 ? -at : at >= songSamples ? 2 * (songSamples - 1) - at : at;
    samples[index] = read[inside - first]!;
  }
  return samples;
}

/** @throws Error when the file ends before. */
async function readSamples(file: FileHandle, first: number, last: number): Promise<Float32Array> {
  const samples = new Float32Array(last - first);
  await readFully(file, samples, first * Float32Array.BYTES_PER_ELEMENT);
  return samples;
}
