// Builds audio files byte by byte, sound ones and ones that lie.

export interface WavOptions {
  readonly channels?: number;
  readonly rateHz?: number;
  readonly bits?: number;
  /** 1: integer, 3: float. */
  readonly formatTag?: number;
  readonly blockAlign?: number;
  /** What the header says; the true size by default. */
  readonly claimedDataBytes?: number;
}

export function wav(data: Uint8Array, options: WavOptions = {}): Buffer {
  const { channels = 2, rateHz = 44_100, bits = 16, formatTag = 1 } = options;
  const blockAlign = options.blockAlign ?? (channels * bits) / 8;
  const header = Buffer.alloc(44);
  const claimed = options.claimedDataBytes ?? data.length;
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(Math.min(36 + claimed, 0xff_ff_ff_ff), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(formatTag, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE((rateHz * blockAlign) % 2 ** 32, 28);
  header.writeUInt16LE(blockAlign % 65_536, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(claimed, 40);
  return Buffer.concat([header, data]);
}

/** Interleaved 16-bit samples of a chord with a different level in each channel; never silent, never clipped. */
export function tone16(seconds: number, channels = 2, rateHz = 44_100): Int16Array {
  const frames = Math.round(seconds * rateHz);
  const samples = new Int16Array(frames * channels);
  for (let frame = 0; frame < frames; frame += 1) {
    const time = (2 * Math.PI * frame) / rateHz;
    const value = 9000 * Math.sin(220 * time) + 6000 * Math.sin(331.5 * time);
    for (let channel = 0; channel < channels; channel += 1) {
      samples[frame * channels + channel] = Math.round(value / (channel + 1));
    }
  }
  return samples;
}

export function bytesOf(samples: ArrayBufferView): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** A sound stereo song of 16 bits. */
export function soundWav(
  seconds: number,
  options: { readonly channels?: number; readonly rateHz?: number } = {},
): Buffer {
  return wav(bytesOf(tone16(seconds, options.channels, options.rateHz)), options);
}

export function floatWav(samples: Float32Array | Float64Array, options: WavOptions = {}): Buffer {
  return wav(bytesOf(samples), { ...options, bits: samples.BYTES_PER_ELEMENT * 8, formatTag: 3 });
}

/** An ID3v2.3 tag in front of a file, `tagBytes` long as it says, with so many bytes really there. */
export function withId3(file: Uint8Array, tagBytes: number, bytesThere = tagBytes): Buffer {
  const header = Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1');
  for (let index = 0; index < 4; index += 1) header[6 + index] = (tagBytes >> (7 * (3 - index))) & 0x7f;
  return Buffer.concat([header, Buffer.alloc(bytesThere), file]);
}

/** Overwrites the 36-bit count of samples in a FLAC file's STREAMINFO. */
export function withFlacTotal(flac: Uint8Array, samples: number): Buffer {
  const copy = Buffer.from(flac);
  copy[21] = ((copy[21] ?? 0) & 0xf0) | Math.floor(samples / 2 ** 32);
  copy.writeUInt32BE(samples % 2 ** 32, 22);
  return copy;
}

/** Puts a metadata block (of at most 16 MiB) behind a FLAC file's STREAMINFO. */
export function withFlacBlock(flac: Uint8Array, type: number, block: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(type * 2 ** 24 + block.length);
  return Buffer.concat([flac.subarray(0, 42), header, block, flac.subarray(42)]);
}

export function vorbisComments(count: number, text: string): Buffer {
  const field = Buffer.from(`TITLE=${text}`, 'utf8');
  const parts: Buffer[] = [u32le(0), u32le(count)];
  for (let index = 0; index < count; index += 1) parts.push(u32le(field.length), field);
  return Buffer.concat(parts);
}

function u32le(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

/** Replaces every four-character code of an MP4 file. */
export function withBoxRenamed(mp4: Uint8Array, from: string, to: string): Buffer {
  return Buffer.from(Buffer.from(mp4).toString('latin1').replaceAll(from, to), 'latin1');
}
