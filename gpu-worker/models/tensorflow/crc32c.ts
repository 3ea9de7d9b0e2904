/** CRC-32C (Castagnoli), as TensorFlow and LevelDB use it, eight bytes a step (Kounavis & Berry 2005, "slicing-by-8"). */
const POLYNOMIAL = 0x82f63b78;
const MASK_DELTA = 0xa282ead8;
const SLICES = 8;

const [t0, t1, t2, t3, t4, t5, t6, t7] = makeTables();

type Tables = readonly [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

/** Table k holds the checksum of a byte that k zero bytes follow. */
function makeTables(): Tables {
  const made = Array.from({ length: SLICES }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    for (const table of made) {
      table[byte] = crc;
      for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    }
  }
  return made as unknown as Tables;
}

/** @param seed the checksum of the bytes before, to go on from. @returns an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed;
  let position = 0;
  for (; position + SLICES <= bytes.length; position += SLICES) {
    crc ^= bytes[position]! | (bytes[position + 1]! << 8) | (bytes[position + 2]! << 16) | (bytes[position + 3]! << 24);
    crc =
      t7[crc & 255]! ^
      t6[(crc >>> 8) & 255]! ^
      t5[(crc >>> 16) & 255]! ^
      t4[crc >>> 24]! ^
      t3[bytes[position + 4]!]! ^
      t2[bytes[position + 5]!]! ^
      t1[bytes[position + 6]!]! ^
      t0[bytes[position + 7]!]!;
  }
  for (; position < bytes.length; position += 1) crc = (crc >>> 8) ^ t0[(crc ^ bytes[position]!) & 255]!;
  return ~crc >>> 0;
}

/** The form in which LevelDB tables and TensorFlow bundles store a checksum, so that a checksum of checksums stays sound. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
