import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelFileError } from '../model-file-error.ts';
import { compileCrema } from './compile-crema.ts';
import type { CremaHead } from './compile-crema.ts';

const TESTDATA = join(import.meta.dirname, '../testdata/crema');
const [FRAMES, BINS, HARMONICS] = [30, 24, 2];
/** In the order of the reference. */
const HEADS: readonly CremaHead[] = ['chord_tag', 'chord_pitch', 'chord_root', 'chord_bass'];

async function compiled(path: string, heads: readonly CremaHead[]): Promise<Uint8Array> {
  const graphs: Uint8Array[] = [];
  for await (const { bytes } of compileCrema(path, { heads })) graphs.push(bytes);
  assert.equal(graphs.length, 1);
  return graphs[0]!;
}

async function run(bytes: Uint8Array, frames: number): Promise<InferenceSession.OnnxValueMapType> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const planes = Float32Array.from({ length: HARMONICS * FRAMES * BINS }, (_, at) => -((at * 7919) % 1009) / 16);
  const kept = Array.from({ length: HARMONICS }, (_, plane) => [
    ...planes.subarray(plane * FRAMES * BINS, (plane * FRAMES + frames) * BINS),
  ]).flat();
  const results = await session.run({ spectrum: new Tensor('float32', kept, [1, HARMONICS, frames, BINS]) });
  await session.release();
  return results;
}

void test('the compiled network says what Keras says', async () => {
  const bytes = await readFile(join(TESTDATA, 'tiny.f32'));
  const wanted = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const results = await run(await compiled(join(TESTDATA, 'tiny.h5'), HEADS), FRAMES);
  let at = 0;
  for (const head of HEADS) {
    for (const value of results[head]!.data as Float32Array) {
      assert.ok(Math.abs(value - wanted[at]!) < 1e-5, `${head}: ${value}, not ${wanted[at]} at ${at}`);
      at += 1;
    }
  }
  assert.equal(at, wanted.length);
});

void test('gives the heads that are asked for, of any number of frames', async () => {
  const graph = await compiled(join(TESTDATA, 'tiny.h5'), ['chord_bass']);
  for (const frames of [1, 17]) {
    const results = await run(graph, frames);
    assert.deepEqual(Object.keys(results), ['chord_bass']);
    const { dims, data } = results['chord_bass']!;
    assert.deepEqual(dims, [frames, 13]);
    for (let frame = 0; frame < frames; frame++) {
      const sum = (data as Float32Array).subarray(13 * frame, 13 * (frame + 1)).reduce((all, value) => all + value, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5);
    }
  }
});

void test('what is no such model is refused, whatever of it is wrong', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-crema-'));
  t.after(() => rm(folder, { recursive: true }));
  const whole = await readFile(join(TESTDATA, 'tiny.h5'));
  const renamed = Buffer.from(whole);
  renamed.write('conv2d_9', renamed.indexOf('conv2d_1'));
  const broken: Record<string, Buffer> = {
    'an empty file': Buffer.alloc(0),
    text: Buffer.from('no weights at all, but a good deal of text'.repeat(40)),
    'half a file': whole.subarray(0, whole.length / 2),
    'a file without a layer': renamed,
  };
  for (const [name, bytes] of Object.entries(broken)) {
    const path = join(folder, 'model.h5');
    await writeFile(path, bytes);
    await assert.rejects(compiled(path, HEADS), (error) => error instanceof ModelFileError, name);
  }
});

/** Enough of a damage that most of the files are no longer whole in what describes their numbers. */
const DAMAGED_BYTES = 16;

void test('whatever bytes are damaged, the file is compiled or refused', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-crema-'));
  t.after(() => rm(folder, { recursive: true }));
  const whole = await readFile(join(TESTDATA, 'tiny.h5'));
  const path = join(folder, 'model.h5');
  let seed = 1;
  const below = (limit: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  let refused = 0;
  for (let damage = 0; damage < 300; damage++) {
    const bytes = Buffer.from(whole);
    for (let byte = 0; byte < DAMAGED_BYTES; byte++) bytes[below(bytes.length)]! ^= 1 + below(255);
    await writeFile(path, bytes);
    try {
      await compiled(path, ['chord_tag']);
    } catch (error) {
      assert.ok(error instanceof ModelFileError, `damage ${damage}: ${String(error)}`);
      refused += 1;
    }
  }
  assert.ok(refused > 100, `${refused} were refused`);
});
