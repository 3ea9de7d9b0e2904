/**
 * A checkpointed chunk: for each slot and channel the counts of its windows' output, planar.
 * The header's CRC-32 covers header and payload, so a file that a dying machine left half written is known as such.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { readFully } from './read-fully.ts';
import { writeFully } from './write-fully.ts';

/** What a chunk file holds. `outputStart` and `outputEnd` count from the song's first sample and lie inside the song. */
export interface ChunkShape {
  readonly first: number;
  readonly last: number;
  readonly slots: number;
  readonly channels: number;
  readonly outputStart: number;
  readonly outputEnd: number;
}

const MAGIC = 0x4b_43_53_57; // "WSCK"
const FORMAT_VERSION = 1;
const HEADER_BYTES = 64;
const CRC_OFFSET = 56;
const READ_BLOCK_BYTES = 1 << 20;

function buildHeader(shape: ChunkShape): DataView<ArrayBuffer> {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  header.setUint32(0, MAGIC, true);
  header.setUint32(4, FORMAT_VERSION, true);
  header.setUint32(8, shape.first, true);
  header.setUint32(12, shape.last, true);
  header.setUint32(16, shape.slots, true);
  header.setUint32(20, shape.channels, true);
  header.setFloat64(24, shape.outputStart, true);
  header.setFloat64(32, shape.outputEnd, true);
  return header;
}

function planeSamples(shape: ChunkShape): number {
  return shape.outputEnd - shape.outputStart;
}

/** Number of counts in the payload. */
export function payloadLength(shape: ChunkShape): number {
  return shape.slots * shape.channels * planeSamples(shape);
}

/** Where the counts of one slot and channel begin in the payload. */
export function planeOffset(shape: ChunkShape, slot: number, channel: number): number {
  return (slot * shape.channels + channel) * planeSamples(shape);
}

/**
 * Writes the file whole; not synced, which is the blob store's work.
 *
 * @returns the file's SHA-256 in lower-case hex.
 */
export async function writeChunkFile(
  path: string,
  shape: ChunkShape,
  payload: Int32Array<ArrayBuffer>,
): Promise<string> {
  const header = buildHeader(shape);
  const bytes = new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
  header.setUint32(CRC_OFFSET, crc32(bytes, crc32(new Uint8Array(header.buffer))), true);
  await using handle = await open(path, 'w');
  await writeFully(handle, new Uint8Array(header.buffer), 0);
  const writing = writeFully(handle, bytes, HEADER_BYTES);
  // Hashed while the system writes.
  const sha256 = createHash('sha256').update(new Uint8Array(header.buffer)).update(bytes).digest('hex');
  await writing;
  return sha256;
}

/** True when the file is whole, undamaged and of exactly this shape. */
export async function isIntactChunk(path: string, shape: ChunkShape): Promise<boolean> {
  await using handle = await open(path, 'r');
  const { size } = await handle.stat();
  if (size !== HEADER_BYTES + payloadLength(shape) * 4) return false;
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  await readFully(handle, header, 0);
  const expected = header.getUint32(CRC_OFFSET, true);
  header.setUint32(CRC_OFFSET, 0, true);
  if (Buffer.compare(new Uint8Array(header.buffer), new Uint8Array(buildHeader(shape).buffer)) !== 0) return false;
  let crc = crc32(new Uint8Array(header.buffer));
  const block = new Uint8Array(READ_BLOCK_BYTES);
  for (let at = HEADER_BYTES; at < size; at += block.length) {
    const part = block.subarray(0, Math.min(block.length, size - at));
    await readFully(handle, part, at);
    crc = crc32(part, crc);
  }
  return crc === expected;
}

/** Reads counts `from` to before `from + into.length` of one slot and channel, `from` relative to the chunk's `outputStart`. */
export async function readPlane(
  handle: FileHandle,
  shape: ChunkShape,
  plane: { readonly slot: number; readonly channel: number },
  from: number,
  into: Int32Array,
): Promise<void> {
  const start = planeOffset(shape, plane.slot, plane.channel) + from;
  await readFully(handle, into, HEADER_BYTES + start * 4);
}
