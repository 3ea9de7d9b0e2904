import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { ModelFileError } from '../model-file-error.ts';
import { openSafetensorsFile } from './safetensors-file.ts';
import type { SafetensorsFile } from './safetensors-file.ts';
import { safetensorsBytes, withHeader } from './safetensors-file.test-kit.ts';

async function open(t: TestContext, bytes: Uint8Array): Promise<SafetensorsFile> {
  const folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
  t.after(async () => await rm(folder, { recursive: true }));
  const path = join(folder, 'model.safetensors');
  await writeFile(path, bytes);
  const file = await openSafetensorsFile(path);
  t.after(async () => await file.close());
  return file;
}

const PAIR = [
  { name: 'a', shape: [2, 2], values: [1, 2, 3, 4] },
  { name: 'b', shape: [1], values: [-0.5] },
];

test('tensors have their shapes and numbers, in single, half and brain floats', async (t) => {
  const file = await open(t, safetensorsBytes(PAIR));
  assert.deepEqual([...file.shapes], [['a', [2, 2]], ['b', [1]]]); // prettier-ignore
  assert.deepEqual([...(await file.readFloat32('a'))], [1, 2, 3, 4]);
  assert.deepEqual([...(await file.readFloat32('b'))], [-0.5]);
  const header = (dtype: string): string => JSON.stringify({ x: { dtype, shape: [1], data_offsets: [0, 2] } });
  const half = await open(t, withHeader(header('F16'), Uint8Array.of(0x00, 0xc0)));
  assert.deepEqual([...(await half.readFloat32('x'))], [-2]);
  const brain = await open(t, withHeader(header('BF16'), Uint8Array.of(0x40, 0x40)));
  assert.deepEqual([...(await brain.readFloat32('x'))], [3]);
});

test('what is damaged, of another kind or larger than it is, is refused', async (t) => {
  const good = safetensorsBytes(PAIR);
  const huge = Buffer.from(good);
  huge.writeBigUInt64LE(2n ** 60n);
  const entry = (more: object): Buffer =>
    withHeader(JSON.stringify({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...more } }), new Uint8Array(4));
  const broken: Readonly<Record<string, Uint8Array>> = {
    nothing: new Uint8Array(0),
    'too short': Uint8Array.of(1, 2, 3),
    'a huge header': huge,
    'cut off': good.subarray(0, good.length - 1),
    'no JSON': withHeader('{', new Uint8Array(8)),
    'another JSON': withHeader('{"x": 1}', new Uint8Array(8)),
    'outside of the file': entry({ data_offsets: [0, 8] }),
    backwards: entry({ data_offsets: [4, 0] }),
    'a negative shape': entry({ shape: [-1] }),
  };
  for (const [name, bytes] of Object.entries(broken)) {
    await assert.rejects(open(t, bytes), ModelFileError, name);
  }
  for (const more of [{ dtype: 'I64' }, { shape: [2] }, { shape: [], data_offsets: [0, 2] }]) {
    await assert.rejects((await open(t, entry(more))).readFloat32('x'), ModelFileError, JSON.stringify(more));
  }
  await assert.rejects((await open(t, good)).readFloat32('c'), ModelFileError);
});
