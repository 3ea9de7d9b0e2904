/** Reads LevelDB's sorted table format (table_format.md of LevelDB), the container of a TensorFlow checkpoint's index. */
import { rejectModelFile } from '../model-file-error.ts';
import { maskedCrc32c } from './crc32c.ts';
import { decompressSnappy } from './snappy.ts';

const FOOTER_BYTES = 48;
const BLOCK_TRAILER_BYTES = 5;
const MAGIC = 0xdb4775248b80fb57n;
const COMPRESSION = { none: 0, snappy: 1 } as const;
/** TensorFlow writes blocks of 256 KiB; a block may outgrow that by one entry. */
const MAXIMUM_BLOCK_BYTES = 4 * 1024 * 1024;
const MAXIMUM_ENTRIES = 100_000;
const MAXIMUM_KEY_BYTES = 4096;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/**
 * Every entry, in the table's order. Keys are UTF-8 text, values views into the table or its unpacked blocks.
 * @throws ModelFileError when the table is damaged: bad magic, checksum, order, or lengths that reach outside.
 */
export function readLevelDbTable(table: Uint8Array): Map<string, Uint8Array> {
  if (table.length < FOOTER_BYTES) rejectModelFile(`a table of ${table.length} bytes has no footer`);
  const footer = table.subarray(table.length - FOOTER_BYTES);
  const view = new DataView(footer.buffer, footer.byteOffset, FOOTER_BYTES);
  if (view.getBigUint64(40, true) !== MAGIC) rejectModelFile('this is no LevelDB table: its magic number is wrong');
  const cursor = createCursor(footer.subarray(0, 40));
  readHandle(cursor);
  const index = readHandle(cursor);

  const entries = new Map<string, Uint8Array>();
  for (const [, value] of readBlock(table, index)) {
    for (const [key, entry] of readBlock(table, readHandle(createCursor(value)))) {
      if (entries.has(key)) rejectModelFile('a key stands twice in the table');
      if (entries.size >= MAXIMUM_ENTRIES) rejectModelFile(`the table has more than ${MAXIMUM_ENTRIES} entries`);
      entries.set(key, entry);
    }
  }
  return entries;
}

function readHandle(cursor: Cursor): Handle {
  return { offset: cursor.varint(), size: cursor.varint() };
}

function* readBlock(table: Uint8Array, handle: Handle): Generator<readonly [string, Uint8Array]> {
  const end = handle.offset + handle.size;
  if (handle.size > MAXIMUM_BLOCK_BYTES || end + BLOCK_TRAILER_BYTES > table.length - FOOTER_BYTES) {
    rejectModelFile(`a block of ${handle.size} bytes at ${handle.offset} reaches outside the table`);
  }
  const checked = table.subarray(handle.offset, end + 1);
  const trailer = new DataView(table.buffer, table.byteOffset + end, BLOCK_TRAILER_BYTES);
  if (maskedCrc32c(checked) !== trailer.getUint32(1, true)) rejectModelFile('a block of the table fails its checksum');
  const compression = trailer.getUint8(0);
  const stored = table.subarray(handle.offset, end);
  if (compression === COMPRESSION.none) yield* readEntries(stored);
  else if (compression === COMPRESSION.snappy) yield* readEntries(decompressSnappy(stored, MAXIMUM_BLOCK_BYTES));
  else rejectModelFile(`a block is compressed by unknown method ${compression}`);
}

function* readEntries(block: Uint8Array): Generator<readonly [string, Uint8Array]> {
  if (block.length < 4) rejectModelFile('a block is too short');
  const restarts = new DataView(block.buffer, block.byteOffset, block.length).getUint32(block.length - 4, true);
  const entriesEnd = block.length - 4 - 4 * restarts;
  if (entriesEnd < 0) rejectModelFile(`a block of ${block.length} bytes cannot hold ${restarts} restart points`);
  const cursor = createCursor(block.subarray(0, entriesEnd));
  let key = Buffer.alloc(0);
  while (!cursor.atEnd()) {
    const shared = cursor.varint();
    const ownBytes = cursor.varint();
    const valueBytes = cursor.varint();
    if (shared > key.length) rejectModelFile('a key shares more than the key before it has');
    if (shared + ownBytes > MAXIMUM_KEY_BYTES) rejectModelFile(`a key is longer than ${MAXIMUM_KEY_BYTES} bytes`);
    key = Buffer.concat([key.subarray(0, shared), cursor.bytes(ownBytes)]);
    yield [key.toString('utf8'), cursor.bytes(valueBytes)];
  }
}

interface Cursor {
  varint(): number;
  bytes(count: number): Uint8Array;
  atEnd(): boolean;
}

function createCursor(bytes: Uint8Array): Cursor {
  let position = 0;
  return {
    varint() {
      let value = 0;
      for (let shift = 0; shift < 63; shift += 7) {
        const byte = bytes[position++] ?? rejectModelFile('a number reaches over the end of its block');
        value += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) {
          return Number.isSafeInteger(value) ? value : rejectModelFile('a number is too large');
        }
      }
      return rejectModelFile('a number has too many bytes');
    },
    bytes(count) {
      if (position + count > bytes.length) rejectModelFile('an entry reaches over the end of its block');
      position += count;
      return bytes.subarray(position - count, position);
    },
    atEnd: () => position >= bytes.length,
  };
}
