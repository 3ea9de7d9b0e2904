/** Writes a slot's WAV file and hashes it on the way, so that the blob store need not read it again. */
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { interleave } from '../wav/interleave.ts';
import { buildWavHeader } from '../wav/wav-header.ts';
import type { WavFormat } from '../wav/wav-header.ts';
import { writeFully } from './write-fully.ts';

export interface SlotFile {
  /** Appends the first `count` samples of each channel; one call at a time. */
  write(channels: readonly Float32Array[], count: number): Promise<void>;
  /** @returns the SHA-256 of the whole file, in lower-case hex. */
  close(): Promise<string>;
  /** Closes and deletes what was written. */
  abort(): Promise<void>;
}

/** @param samples per channel, as many as will be written: the header comes first. */
export async function createSlotFile(path: string, format: WavFormat, samples: number): Promise<SlotFile> {
  const handle = await open(path, 'w');
  const hash = createHash('sha256');
  let position = 0;
  // One is filled and hashed while the system writes the other.
  let [filling, written] = [new Float32Array(0), new Float32Array(0)];
  let writing: Promise<void> = Promise.resolve();

  async function append(bytes: Uint8Array): Promise<void> {
    await writing;
    writing = writeFully(handle, bytes, position);
    writing.catch(() => undefined); // told by the next append, or by close
    position += bytes.length;
    hash.update(bytes);
  }

  await append(buildWavHeader(format, samples));
  return {
    async write(channels, count) {
      const length = count * format.channels;
      if (filling.length < length) filling = new Float32Array(length);
      interleave(channels, count, filling);
      await append(new Uint8Array(filling.buffer, 0, length * Float32Array.BYTES_PER_ELEMENT));
      [filling, written] = [written, filling];
    },
    async close() {
      await writing;
      await handle.close();
      return hash.digest('hex');
    },
    async abort() {
      await writing.catch(() => undefined);
      await handle.close();
      await rm(path, { force: true });
    },
  };
}
