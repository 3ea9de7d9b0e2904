/** Brings samples of a separator to a recording's channels and length. Their rate is the recording's already. */
import { open } from 'node:fs/promises';
import { deinterleave } from '../wav/interleave.ts';
import { createFrameReader, readWavHeader } from '../wav/read-wav.ts';
import { createWavWriter } from '../wav/write-wav.ts';
import type { WavFormat, WavHeader } from '../wav/wav-header.ts';

export interface RecordingShape extends WavFormat {
  /** Samples per channel. */
  readonly samples: number;
}

export interface ConformingWriter {
  /** Written so far, per channel; never past the recording's length. */
  readonly samples: number;
  /** Takes the first `count` samples of each of the separator's channels, which it may change. */
  writePlanar(channels: readonly Float32Array[], count: number): Promise<void>;
  /** Takes interleaved samples, cut anywhere, even within a frame. */
  writeInterleaved(samples: Float32Array): Promise<void>;
  /** Pads with silence to the recording's length and closes. */
  close(): Promise<WavHeader>;
  abort(): Promise<void>;
}

/** Separators work on pairs of channels: of an odd number the last was doubled. */
export function workingChannels(channels: number): number {
  return channels + (channels % 2);
}

/** Writes a file of the recording's shape; what comes after its length is left out. */
export async function createConformingWriter(path: string, shape: RecordingShape): Promise<ConformingWriter> {
  const width = workingChannels(shape.channels);
  const writer = await createWavWriter(path, shape);
  let written = 0;
  let carried = new Float32Array(0);
  let planar: Float32Array[] = [];

  async function writePlanar(channels: readonly Float32Array[], count: number): Promise<void> {
    if (channels.length !== width) throw new RangeError(`${String(channels.length)} channels, ${String(width)} wanted`);
    const wanted = Math.min(count, shape.samples - written);
    if (wanted <= 0) return;
    if (width > shape.channels)
      averageInto(channels[width - 2] as Float32Array, channels[width - 1] as Float32Array, wanted);
    await writer.write(channels.slice(0, shape.channels), wanted);
    written += wanted;
  }

  return {
    get samples() {
      return written;
    },
    writePlanar,
    async writeInterleaved(samples) {
      const whole = new Float32Array(carried.length + samples.length);
      whole.set(carried);
      whole.set(samples, carried.length);
      const frames = Math.floor(whole.length / width);
      carried = whole.slice(frames * width);
      if ((planar[0]?.length ?? 0) < frames) planar = Array.from({ length: width }, () => new Float32Array(frames));
      deinterleave(whole, frames, planar);
      await writePlanar(planar, frames);
    },
    async close() {
      const missing = shape.samples - written;
      if (missing > 0) await writer.write(Array.from({ length: shape.channels }, () => new Float32Array(missing)));
      return await writer.close();
    },
    abort: () => writer.abort(),
  };
}

/** The mean of a doubled channel's two estimates is the better one. */
function averageInto(one: Float32Array, other: Float32Array, count: number): void {
  for (let index = 0; index < count; index++) one[index] = ((one[index] as number) + (other[index] as number)) / 2;
}

const BLOCK_SAMPLES = 1 << 16;

/** {@link createConformingWriter} over a whole file. */
export async function conformFile(wavPath: string, outPath: string, shape: RecordingShape): Promise<void> {
  await using handle = await open(wavPath, 'r');
  const header = await readWavHeader(handle);
  const reader = createFrameReader(handle, header);
  const block = Array.from({ length: header.channels }, () => new Float32Array(BLOCK_SAMPLES));
  const writer = await createConformingWriter(outPath, shape);
  try {
    for (let start = 0; start < header.samples; start += BLOCK_SAMPLES) {
      const count = Math.min(BLOCK_SAMPLES, header.samples - start);
      await reader.read(start, count, block);
      await writer.writePlanar(block, count);
    }
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
