/** Reads windows of the mix, with zeros where they reach outside the song. */
import type { FileHandle } from 'node:fs/promises';
import type { WindowSpan } from '../models/separator.ts';
import { deinterleave } from '../wav/interleave.ts';
import type { PreparedMix } from './engine-tasks.ts';
import { readFully } from './read-fully.ts';
import type { WindowBuffers } from './window-buffers.ts';

const BLOCK_SAMPLES = 1 << 16;

/** @returns all channels of the window's input span, in the thread's buffers. */
export async function readWindow(
  handle: FileHandle,
  mix: PreparedMix,
  window: WindowSpan,
  buffers: WindowBuffers,
): Promise<readonly Float32Array[]> {
  const channels = buffers.mix(mix.channels, window.inputEnd - window.inputStart);
  const from = Math.max(0, window.inputStart);
  const end = Math.min(mix.samples, window.inputEnd);
  for (let start = from; start < end; start += BLOCK_SAMPLES) {
    const count = Math.min(BLOCK_SAMPLES, end - start);
    const block = buffers.block(count * mix.channels);
    await readFully(handle, block, mix.dataOffset + start * mix.channels * Float32Array.BYTES_PER_ELEMENT);
    const inside = channels.map((channel) => channel.subarray(start - window.inputStart));
    deinterleave(block, count, inside);
  }
  return channels;
}
