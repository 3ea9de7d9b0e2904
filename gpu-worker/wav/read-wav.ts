/** Reads float32 WAV files, as this project and ffmpeg (`-c:a pcm_f32le`) write them. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { readAvailable } from '../engine/read-fully.ts';
import { deinterleave } from './interleave.ts';
import { isFloat32, SIZE_ELSEWHERE, WavFormatError } from './wav-header.ts';
import type { WavHeader } from './wav-header.ts';

/**
 * Walks the chunks up to `data`; other chunks (LIST, fact, bext, …) are skipped.
 * A data size that was never patched (a stream) means "to the end of the file".
 *
 * @throws WavFormatError where the file is not float32 WAV, or is shorter than its header says.
 */
export async function readWavHeader(source: FileHandle | string): Promise<WavHeader> {
  if (typeof source !== 'string') return walkChunks(source);
  await using handle = await open(source, 'r');
  return await walkChunks(handle);
}

async function walkChunks(handle: FileHandle): Promise<WavHeader> {
  const { size: fileBytes } = await handle.stat();
  const start = await readBytes(handle, 0, 12);
  const magic = start.toString('latin1', 0, 4);
  if ((magic !== 'RIFF' && magic !== 'RF64') || start.toString('latin1', 8) !== 'WAVE') {
    throw new WavFormatError('not a WAV file');
  }
  let fmt: Buffer | null = null;
  let largeDataBytes: number | null = null;
  for (let offset = 12; offset + 8 <= fileBytes;) {
    const chunk = await readBytes(handle, offset, 8);
    const id = chunk.toString('latin1', 0, 4);
    const size = chunk.readUInt32LE(4);
    const body = offset + 8;
    if (id === 'data') {
      const claimed = size === SIZE_ELSEWHERE ? (largeDataBytes ?? fileBytes - body) : size;
      return describeData(fmt, body, claimed, fileBytes);
    }
    if (id === 'fmt ') fmt = await readBytes(handle, body, Math.min(size, 40));
    if (id === 'ds64') largeDataBytes = Number((await readBytes(handle, body + 8, 8)).readBigUInt64LE(0));
    // Chunks start at even offsets.
    offset = body + size + (size & 1);
  }
  throw new WavFormatError('no data chunk');
}

function describeData(fmt: Buffer | null, dataOffset: number, claimedBytes: number, fileBytes: number): WavHeader {
  if (fmt === null) throw new WavFormatError('no fmt chunk before the data');
  if (!isFloat32(fmt)) throw new WavFormatError('samples are not 32-bit float');
  const channels = fmt.readUInt16LE(2);
  const rateHz = fmt.readUInt32LE(4);
  if (channels === 0 || rateHz === 0) throw new WavFormatError('no channels or no rate');
  if (dataOffset + claimedBytes > fileBytes) {
    throw new WavFormatError(
      `${String(claimedBytes)} bytes of samples claimed, ${String(fileBytes - dataOffset)} there`,
    );
  }
  const samples = Math.floor(claimedBytes / (channels * 4));
  return { rateHz, channels, samples, dataOffset, bytes: samples * channels * 4 };
}

async function readBytes(handle: FileHandle, position: number, count: number): Promise<Buffer> {
  const buffer = Buffer.alloc(count);
  const bytes = await readAvailable(handle, buffer, position);
  if (bytes < count) throw new WavFormatError('the file ends inside its header');
  return buffer;
}

/** Reads spans of one open file, again and again, through one reused buffer. */
export interface FrameReader {
  /**
   * Fills the first `count` samples of each channel of `into`.
   * One call at a time. Thrown RangeError where the span is not inside the file or `into` does not fit.
   */
  read(startFrame: number, count: number, into: readonly Float32Array[]): Promise<void>;
}

/** The handle stays the caller's: it must be open while the reader is used, and the caller closes it. */
export function createFrameReader(handle: FileHandle, header: WavHeader): FrameReader {
  let interleaved = new Float32Array(0);
  return {
    async read(startFrame, count, into) {
      checkSpan(header, startFrame, count, into);
      const length = count * header.channels;
      if (interleaved.length < length) interleaved = new Float32Array(length);
      const span = interleaved.subarray(0, length);
      const bytes = await readAvailable(handle, span, header.dataOffset + startFrame * header.channels * 4);
      if (bytes < span.byteLength) throw new WavFormatError('the file ends before its samples do');
      deinterleave(interleaved, count, into);
    },
  };
}

/**
 * Fills the first `count` samples of each channel of `into` with frames from `startFrame` on. For many reads of one file
 * {@link createFrameReader} spares the buffer.
 *
 * @throws RangeError where the span is not inside the file or `into` does not fit.
 */
export async function readFrames(
  handle: FileHandle,
  header: WavHeader,
  startFrame: number,
  count: number,
  into: readonly Float32Array[],
): Promise<void> {
  await createFrameReader(handle, header).read(startFrame, count, into);
}

function checkSpan(header: WavHeader, startFrame: number, count: number, into: readonly Float32Array[]): void {
  if (startFrame < 0 || count < 0 || startFrame + count > header.samples) {
    throw new RangeError(`frames ${String(startFrame)}+${String(count)} of ${String(header.samples)}`);
  }
  if (into.length !== header.channels) {
    throw new RangeError(`${String(into.length)} arrays for ${String(header.channels)} channels`);
  }
  if (into.some((channel) => channel.length < count)) throw new RangeError(`arrays shorter than ${String(count)}`);
}
