/** The number formats that weights are stored in, little-endian, brought to float32. */

export const ITEM_BYTES = { float32: 4, int8: 1, int16: 2, int32: 4, float16: 2, bfloat16: 2 } as const;
export type NumberType = keyof typeof ITEM_BYTES;

export function decodeNumbers(type: NumberType, bytes: Buffer): Float32Array {
  const read = READERS[type];
  const step = ITEM_BYTES[type];
  return Float32Array.from({ length: bytes.length / step }, (_, index) => read(bytes, index * step));
}

const READERS: Readonly<Record<NumberType, (bytes: Buffer, at: number) => number>> = {
  float32: (bytes, at) => bytes.readFloatLE(at),
  int8: (bytes, at) => bytes.readInt8(at),
  int16: (bytes, at) => bytes.readInt16LE(at),
  int32: (bytes, at) => bytes.readInt32LE(at),
  float16: (bytes, at) => float16Table()[bytes.readUInt16LE(at)]!,
  // The upper half of a float32.
  bfloat16: (bytes, at) => {
    scratch.setUint32(0, bytes.readUInt16LE(at) * 0x1_00_00);
    return scratch.getFloat32(0);
  },
};

const scratch = new DataView(new ArrayBuffer(4));
let table: Float32Array | null = null;

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. All 65,536 of them, as weights hold millions. */
function float16Table(): Float32Array {
  table ??= Float32Array.from({ length: 0x1_00_00 }, (_, bits) => {
    const sign = bits & 0x80_00 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3_ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return table;
}
