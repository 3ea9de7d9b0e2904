/** Writes float32 WAV files as a stream of planar blocks. */
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { interleave } from './interleave.ts';
import { buildWavHeader, wavHeaderBytes } from './wav-header.ts';
import type { WavFormat, WavHeader } from './wav-header.ts';

/** Disposing closes without patching the sizes, where nothing has closed it yet; the file stays. */
export interface WavWriter extends AsyncDisposable {
  /**
   * Appends the first `count` samples (default: all) of each channel. The arrays may be reused when it resolves.
   * One call at a time. Thrown RangeError where the number of channels or their lengths differ from what was promised.
   */
  write(channels: readonly Float32Array[], count?: number): Promise<void>;
  /** Patches the sizes and closes. The file is not synced: durable copies are the blob store's work. */
  close(): Promise<WavHeader>;
  /** Closes and deletes what was written. No error where it is closed already. */
  abort(): Promise<void>;
}

/** Creates or replaces the file at `path`; beyond 4 GiB it becomes RF64. */
export async function createWavWriter(path: string, format: WavFormat): Promise<WavWriter> {
  if (!Number.isInteger(format.channels) || format.channels < 1 || format.channels > 0xffff) {
    throw new RangeError(`${String(format.channels)} channels`);
  }
  const handle = await open(path, 'w');
  const dataOffset = wavHeaderBytes(format.channels);
  let samples = 0;
  let interleaved = new Float32Array(0);
  let isOpen = true;

  async function closeOnce(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  }

  return {
    async write(channels, count = channels[0]?.length ?? 0) {
      if (channels.length !== format.channels || channels.some((channel) => channel.length < count)) {
        throw new RangeError(`${String(format.channels)} channels of ${String(count)} samples wanted`);
      }
      const length = count * format.channels;
      if (interleaved.length < length) interleaved = new Float32Array(length);
      interleave(channels, count, interleaved);
      const position = dataOffset + samples * format.channels * 4;
      await writeFully(handle, new Uint8Array(interleaved.buffer, 0, length * 4), position);
      samples += count;
    },
    async close() {
      await writeFully(handle, buildWavHeader(format, samples), 0);
      await closeOnce();
      return { ...format, samples, dataOffset, bytes: samples * format.channels * 4 };
    },
    async abort() {
      await closeOnce();
      await rm(path, { force: true });
    },
    [Symbol.asyncDispose]: closeOnce,
  };
}

async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
