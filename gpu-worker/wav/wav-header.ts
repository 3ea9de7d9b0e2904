/** The header of a float32 WAV file: RIFF up to 4 GiB, RF64 (EBU Tech 3306) beyond. */

export interface WavFormat {
  readonly rateHz: number;
  readonly channels: number;
}

export interface WavHeader extends WavFormat {
  /** Samples per channel. */
  readonly samples: number;
  /** Of the first sample, in bytes from the start of the file. */
  readonly dataOffset: number;
  /** Of all samples together: `samples * channels * 4`. */
  readonly bytes: number;
}

/** Thrown when bytes are not a complete float32 WAV file. */
export class WavFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WavFormatError';
  }
}

export const WAV_FORMAT_FLOAT = 3;
export const WAV_FORMAT_EXTENSIBLE = 0xfffe;
/** In a 32-bit size field: the size stands in `ds64`, or was not known when the header was written. */
export const SIZE_ELSEWHERE = 0xffff_ffff;

/** KSDATAFORMAT_SUBTYPE_IEEE_FLOAT. */
const FLOAT_SUBTYPE = Buffer.from('0300000000001000800000aa00389b71', 'hex');
const DS64_BYTES = 28;
/** dwChannelMask of the layouts that ffmpeg assumes for these channel counts; others carry no positions. */
const CHANNEL_MASKS: Readonly<Record<number, number>> = {
  1: 0x4,
  2: 0x3,
  3: 0xb,
  4: 0x107,
  5: 0x37,
  6: 0x3f,
  7: 0x70f,
  8: 0x63f,
};

/** True where the body of a `fmt ` chunk says 32-bit IEEE float. */
export function isFloat32(fmt: Buffer): boolean {
  if (fmt.length < 16 || fmt.readUInt16LE(14) !== 32) return false;
  const tag = fmt.readUInt16LE(0);
  if (tag === WAV_FORMAT_FLOAT) return true;
  return tag === WAV_FORMAT_EXTENSIBLE && fmt.length >= 40 && fmt.subarray(24, 40).equals(FLOAT_SUBTYPE);
}

/** Length of {@link buildWavHeader}'s result, whatever the sample count: a writer patches it in place. */
export function wavHeaderBytes(channels: number): number {
  return 12 + 8 + DS64_BYTES + 8 + (channels > 2 ? 40 : 18) + 12 + 8;
}

/**
 * The whole header up to the first sample. A JUNK chunk keeps room for `ds64`, as EBU Tech 3306 advises, so a file may
 * grow beyond 4 GiB while it is written.
 */
export function buildWavHeader({ rateHz, channels }: WavFormat, samples: number): Buffer {
  const header = Buffer.alloc(wavHeaderBytes(channels));
  const dataBytes = samples * channels * 4;
  const riffBytes = header.length - 8 + dataBytes;
  const isLarge = riffBytes >= SIZE_ELSEWHERE;
  let at = header.write(isLarge ? 'RF64' : 'RIFF', 0, 'latin1');
  at = header.writeUInt32LE(isLarge ? SIZE_ELSEWHERE : riffBytes, at);
  at += header.write(isLarge ? 'WAVEds64' : 'WAVEJUNK', at, 'latin1');
  at = header.writeUInt32LE(DS64_BYTES, at);
  if (isLarge) {
    header.writeBigUInt64LE(BigInt(riffBytes), at);
    header.writeBigUInt64LE(BigInt(dataBytes), at + 8);
    header.writeBigUInt64LE(BigInt(samples), at + 16);
  }
  at = writeFmt(header, at + DS64_BYTES, { rateHz, channels });
  at += header.write('fact', at, 'latin1');
  at = header.writeUInt32LE(4, at);
  at = header.writeUInt32LE(isLarge ? SIZE_ELSEWHERE : samples, at);
  at += header.write('data', at, 'latin1');
  header.writeUInt32LE(isLarge ? SIZE_ELSEWHERE : dataBytes, at);
  return header;
}

function writeFmt(header: Buffer, start: number, { rateHz, channels }: WavFormat): number {
  // More than two channels need positions, which only the extensible form can say.
  const isExtensible = channels > 2;
  let at = start + header.write('fmt ', start, 'latin1');
  at = header.writeUInt32LE(isExtensible ? 40 : 18, at);
  at = header.writeUInt16LE(isExtensible ? WAV_FORMAT_EXTENSIBLE : WAV_FORMAT_FLOAT, at);
  at = header.writeUInt16LE(channels, at);
  at = header.writeUInt32LE(rateHz, at);
  at = header.writeUInt32LE(rateHz * channels * 4, at);
  at = header.writeUInt16LE(channels * 4, at);
  at = header.writeUInt16LE(32, at);
  if (!isExtensible) return header.writeUInt16LE(0, at);
  at = header.writeUInt16LE(22, at);
  at = header.writeUInt16LE(32, at);
  at = header.writeUInt32LE(CHANNEL_MASKS[channels] ?? 0, at);
  return at + FLOAT_SUBTYPE.copy(header, at);
}
