// Writes the float32 WAV files of this room as samples come out of a decoder, and knows them again by their header.
import { open } from 'node:fs/promises';

export interface WavShape {
  readonly rateHz: number;
  readonly channels: number;
  /** Per channel. */
  readonly samples: number;
}

/** RIFF and `fmt ` (18 bytes) and `fact` and `data`; see Microsoft's "New Multimedia Data Types and Data Techniques", WAVE_FORMAT_IEEE_FLOAT. */
export const HEADER_BYTES = 58;
const IEEE_FLOAT = 3;
/** A RIFF size is a 32-bit number. */
export const LARGEST_DATA_BYTES = 2 ** 32 - 1 - HEADER_BYTES;

export function wavHeader({ rateHz, channels, samples }: WavShape): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const frameBytes = channels * 4;
  const dataBytes = samples * frameBytes;
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(18, 16);
  header.writeUInt16LE(IEEE_FLOAT, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(32, 34);
  header.write('fact', 38, 'latin1');
  header.writeUInt32LE(4, 42);
  header.writeUInt32LE(samples, 46);
  header.write('data', 50, 'latin1');
  header.writeUInt32LE(dataBytes, 54);
  return header;
}

/** The shape of a file that starts with these bytes; null where it is not exactly one of ours. */
export function parseWavHeader(bytes: Uint8Array): WavShape | null {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (header.length < HEADER_BYTES) return null;
  const shape = {
    rateHz: header.readUInt32LE(24),
    channels: header.readUInt16LE(22),
    samples: header.readUInt32LE(46),
  };
  if (shape.rateHz === 0 || shape.channels === 0 || shape.samples * shape.channels * 4 > LARGEST_DATA_BYTES)
    return null;
  return wavHeader(shape).equals(header.subarray(0, HEADER_BYTES)) ? shape : null;
}

export interface WavWriter {
  /** Interleaved; done with the array when it resolves. */
  write(samples: Float32Array): Promise<void>;
  /** Samples per channel so far. */
  readonly samples: number;
  /** Writes the header and closes. */
  finish(): Promise<WavShape>;
  /** Closes without a header. Nothing happens after `finish`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** @throws as the file system does; RangeError past {@link LARGEST_DATA_BYTES}. */
export async function createWavWriter(path: string, format: Omit<WavShape, 'samples'>): Promise<WavWriter> {
  const file = await open(path, 'wx', 0o600);
  const frameBytes = format.channels * 4;
  let dataBytes = 0;
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await file.close();
  };
  return {
    async write(samples) {
      if (dataBytes + samples.byteLength > LARGEST_DATA_BYTES) throw new RangeError('more than a WAV file can hold');
      const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
      for (let written = 0; written < bytes.length;) {
        const position = HEADER_BYTES + dataBytes + written;
        written += (await file.write(bytes, written, bytes.length - written, position)).bytesWritten;
      }
      dataBytes += bytes.length;
    },
    get samples() {
      return Math.floor(dataBytes / frameBytes);
    },
    async finish() {
      const shape = { ...format, samples: Math.floor(dataBytes / frameBytes) };
      // A decoder that was cut off may have ended within a frame.
      await file.truncate(HEADER_BYTES + shape.samples * frameBytes);
      await file.write(wavHeader(shape), 0, HEADER_BYTES, 0);
      await close();
      return shape;
    },
    [Symbol.asyncDispose]: close,
  };
}
