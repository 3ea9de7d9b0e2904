import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { ModelFileError } from '../model-file-error.ts';
import { ctranslate2Bytes, float32Variable } from './ctranslate2-file.test-kit.ts';
import type { WrittenVariable } from './ctranslate2-file.test-kit.ts';
import { openCtranslate2File } from './ctranslate2-file.ts';
import type { Ctranslate2File } from './ctranslate2-file.ts';

async function openBytes(t: TestContext, bytes: Uint8Array): Promise<Ctranslate2File> {
  const folder = await mkdtemp(join(tmpdir(), 'ctranslate2-'));
  t.after(async () => await rm(folder, { recursive: true }));
  await writeFile(join(folder, 'model.bin'), bytes);
  const file = await openCtranslate2File(join(folder, 'model.bin'));
  t.after(async () => await file.close());
  return file;
}

const bytesOf = (values: ArrayBufferView): Uint8Array => new Uint8Array(values.buffer);
const VARIABLES: readonly WrittenVariable[] = [
  float32Variable('plain', [2, 1], [1.5, -2]),
  // 1, -2, the smallest subnormal, the largest number, infinity, minus zero.
  {
    name: 'half',
    shape: [6],
    type: 'float16',
    bytes: bytesOf(Uint16Array.of(0x3c00, 0xc000, 1, 0x7bff, 0x7c00, 0x8000)),
  },
  { name: 'brain', shape: [2], type: 'bfloat16', bytes: bytesOf(Uint16Array.of(0x3f80, 0xc040)) },
  { name: 'small', shape: [2, 3], type: 'int8', bytes: bytesOf(Int8Array.of(127, -127, 0, 10, -20, 30)) },
  float32Variable('small_scale', [2], [127, 10]),
  { name: 'middle', shape: [2], type: 'int16', bytes: bytesOf(Int16Array.of(1000, -500)) },
  float32Variable('middle_scale', [1], [1000]),
  { name: 'num_heads', shape: [], type: 'int16', bytes: bytesOf(Int16Array.of(6)) },
  { name: 'lonely', shape: [1], type: 'int8', bytes: bytesOf(Int8Array.of(1)) },
];

void test('reads every number format, divides by scales a row, and knows second names', async (t) => {
  const file = await openBytes(t, ctranslate2Bytes('TinySpec', VARIABLES, { second: 'small' }));
  assert.equal(file.spec, 'TinySpec');
  const read = async (name: string): Promise<number[]> => [...(await file.readFloat32(name))];
  assert.deepEqual(await read('plain'), [1.5, -2]);
  assert.deepEqual(await read('half'), [1, -2, 2 ** -24, 65_504, Infinity, -0]);
  assert.deepEqual(await read('brain'), [1, -3]);
  assert.deepEqual(await read('small'), [1, -1, 0, 1, -2, 3]);
  assert.deepEqual(await read('second'), [1, -1, 0, 1, -2, 3]);
  assert.deepEqual(await read('middle'), [1, -0.5]);
  assert.deepEqual(await read('num_heads'), [6]);
  assert.deepEqual(file.variables.get('small')?.shape, [2, 3]);
  await assert.rejects(file.readFloat32('lonely'), /"lonely" has no scale/);
  await assert.rejects(file.readFloat32('absent'), ModelFileError);
});

void test('a file that ends anywhere before its end is refused, with no allocation beyond it', async (t) => {
  const whole = ctranslate2Bytes('TinySpec', VARIABLES, { second: 'small' });
  for (let length = 0; length < whole.length; length += 3) {
    await assert.rejects(openBytes(t, whole.subarray(0, length)), ModelFileError, `${length} bytes`);
  }
});

void test('other versions, sizes that lie, unknown types and second names for nothing are refused', async (t) => {
  await assert.rejects(openBytes(t, ctranslate2Bytes('TinySpec', [], {}, 3)), /version/);
  const lying = ctranslate2Bytes('TinySpec', [{ ...VARIABLES[0]!, shape: [3, 1] }]);
  await assert.rejects(openBytes(t, lying), /8 bytes; its shape needs 12/);
  const huge = ctranslate2Bytes('TinySpec', [{ ...VARIABLES[0]!, shape: [2 ** 31, 2 ** 31] }]);
  await assert.rejects(openBytes(t, huge), ModelFileError);
  const unknown = ctranslate2Bytes('TinySpec', [float32Variable('x', [], [1])]);
  // The type's byte stands before the size and the four bytes of the number, and the count of second names.
  unknown[unknown.length - 13] = 9;
  await assert.rejects(openBytes(t, unknown), /unknown type 9/);
  await assert.rejects(openBytes(t, ctranslate2Bytes('TinySpec', [], { a: 'b' })), /stands for "b"/);
});
