import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readAvailable, readFully } from './read-fully.ts';

const NUMBERS = Float32Array.from({ length: 100 }, (_, n) => n / 3);
let folder = '';
let path = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-read-'));
  path = join(folder, 'numbers.f32');
  await writeFile(path, NUMBERS);
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** As a network file system or a signal may have it: never more than a few bytes at a time. */
function inSips(file: FileHandle): FileHandle {
  const read = async (into: Uint8Array, offset: number, length: number, position: number): Promise<unknown> =>
    await file.read(into, offset, Math.min(length, 7), position);
  return { read } as FileHandle;
}

test('fills any array from anywhere in the file, however little comes at a time', async () => {
  await using file = await open(path, 'r');
  for (const handle of [file, inSips(file)]) {
    const all = new Float32Array(102).fill(-1);
    await readFully(handle, all.subarray(1, 101), 0);
    assert.deepEqual(all, Float32Array.of(-1, ...NUMBERS, -1));
    const some = Buffer.alloc(8);
    await readFully(handle, some, 392);
    assert.deepEqual([some.readFloatLE(0), some.readFloatLE(4)], [...NUMBERS.subarray(98)]);
    await readFully(handle, new Uint8Array(0), 4000);
  }
});

test('says where a file ends too early, or fills what there is', async () => {
  await using file = await open(path, 'r');
  for (const handle of [file, inSips(file)]) {
    await assert.rejects(readFully(handle, new Float32Array(3), 392), /ends after 400 bytes/u);
    const some = new Float32Array(3).fill(-1);
    assert.equal(await readAvailable(handle, some, 392), 8);
    assert.deepEqual(some, Float32Array.of(...NUMBERS.subarray(98), -1));
    assert.equal(await readAvailable(handle, some, 5000), 0);
  }
});
