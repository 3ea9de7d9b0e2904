/** Decompresses a raw Snappy block (format_description.txt of Snappy), bounded by `maximumBytes`. */
import { rejectModelFile } from '../model-file-error.ts';

/** @throws ModelFileError when the block is damaged or would unpack to more than `maximumBytes`. */
export function decompressSnappy(block: Uint8Array, maximumBytes: number): Uint8Array {
  let read = 0;
  const next = (): number => block[read++] ?? rejectModelFile('a Snappy block ends too early');

  let length = 0;
  for (let shift = 0; ; shift += 7) {
    if (shift > 28) rejectModelFile('a Snappy block has no valid length');
    const byte = next();
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (length > maximumBytes) rejectModelFile(`a Snappy block of ${length} bytes is larger than ${maximumBytes}`);

  const out = new Uint8Array(length);
  let written = 0;
  while (read < block.length) {
    const tag = next();
    const kind = tag & 3;
    let count = (tag >> 2) + 1;
    if (kind === 0) {
      if (count > 60) {
        const lengthBytes = count - 60;
        count = 1;
        for (let index = 0; index < lengthBytes; index += 1) count += next() * 2 ** (8 * index);
      }
      if (read + count > block.length || written + count > length) rejectModelFile('a Snappy literal is too long');
      out.set(block.subarray(read, read + count), written);
      read += count;
    } else {
      let offset: number;
      if (kind === 1) {
        count = ((tag >> 2) & 7) + 4;
        offset = ((tag >> 5) << 8) | next();
      } else {
        offset = 0;
        for (let index = 0; index < (kind === 2 ? 2 : 4); index += 1) offset += next() * 2 ** (8 * index);
      }
      if (offset === 0 || offset > written || written + count > length)
        rejectModelFile('a Snappy copy is out of range');
      // Byte by byte: source and target may overlap, which repeats a pattern.
      for (let index = 0; index < count; index += 1) out[written + index] = out[written + index - offset]!;
    }
    written += count;
  }
  if (written !== length) rejectModelFile(`a Snappy block unpacks to ${written} bytes, not ${length}`);
  return out;
}
