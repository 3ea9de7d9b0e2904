import assert from 'node:assert/strict';
import { copyFile, mkdtemp, open, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isIntactChunk, payloadLength, planeOffset, readPlane, writeChunkFile } from './chunk-file.ts';
import type { ChunkShape } from './chunk-file.ts';

const SHAPE: ChunkShape = { first: 2, last: 4, slots: 3, channels: 2, outputStart: 1000, outputEnd: 101_003 };
let folder = '';
let path = '';
let payload: Int32Array<ArrayBuffer>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-chunk-'));
  path = join(folder, 'chunk');
  payload = Int32Array.from({ length: payloadLength(SHAPE) }, (_, index) => Math.imul(index, 0x9e37_79b1));
  await writeChunkFile(path, SHAPE, payload);
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('gives back any part of any slot and channel', async () => {
  assert.ok(await isIntactChunk(path, SHAPE));
  await using handle = await open(path, 'r');
  for (const [slot, channel, from, count] of [
    [0, 0, 0, 1],
    [1, 1, 17, 5000],
    [2, 1, 100_002, 1],
  ] as const) {
    const into = new Int32Array(count);
    await readPlane(handle, SHAPE, { slot, channel }, from, into);
    const at = planeOffset(SHAPE, slot, channel) + from;
    assert.deepEqual(into, payload.slice(at, at + count));
  }
});

test('knows a file that is torn, damaged in one bit, or of other windows', async () => {
  const damaged = join(folder, 'damaged');
  for (const bytes of [0, 10, 64, 70_000]) {
    await copyFile(path, damaged);
    await truncate(damaged, bytes);
    assert.equal(await isIntactChunk(damaged, SHAPE), false);
  }
  // A machine that loses power may leave the right length and zeros.
  await truncate(damaged, 64 + payload.byteLength);
  assert.equal(await isIntactChunk(damaged, SHAPE), false);
  for (const position of [0, 8, 40, 56, 64, 64 + payload.byteLength - 1]) {
    await copyFile(path, damaged);
    {
      await using handle = await open(damaged, 'r+');
      const byte = Buffer.alloc(1);
      await handle.read(byte, 0, 1, position);
      byte[0] = (byte[0] as number) ^ 1;
      await handle.write(byte, 0, 1, position);
    }
    assert.equal(await isIntactChunk(damaged, SHAPE), false, `byte ${String(position)}`);
  }
  assert.equal(await isIntactChunk(path, { ...SHAPE, first: 1 }), false);
  assert.equal(await isIntactChunk(path, { ...SHAPE, outputStart: 1001, outputEnd: 101_004 }), false);
});
