import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelFileError } from '../model-file-error.ts';
import { compileMusicnn } from './compile-musicnn.ts';
import type { MusicnnVariant } from './compile-musicnn.ts';

const TESTDATA = join(import.meta.dirname, '../testdata/musicnn');
const [WINDOWS, FRAMES, BANDS, TAGS] = [2, 12, 10, 5];
const SIZES = { frames: FRAMES, bands: BANDS };

async function compiled(prefix: string, sizes: MusicnnVariant = SIZES): Promise<Uint8Array> {
  const graphs: Uint8Array[] = [];
  for await (const { bytes } of compileMusicnn(prefix, sizes)) graphs.push(bytes);
  assert.equal(graphs.length, 1);
  return graphs[0]!;
}

/** As the recipe makes it: the second window is fainter. */
const SPECTROGRAM = Float32Array.from({ length: WINDOWS * FRAMES * BANDS }, (_, at) => {
  return (((at * 7919) % 1009) / 504) * (at < FRAMES * BANDS ? 1 : 0.25);
});

async function run(bytes: Uint8Array, values: Float32Array): Promise<Float32Array> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const windows = values.length / FRAMES / BANDS;
  const { tags } = await session.run({ spectrogram: new Tensor('float32', values, [windows, FRAMES, BANDS]) });
  await session.release();
  assert.deepEqual(tags?.dims, [windows, TAGS]);
  return tags.data as Float32Array;
}

void test('the compiled network says what TensorFlow says, of one window as of two', async () => {
  const bytes = await readFile(join(TESTDATA, 'tiny.f32'));
  const wanted = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const graph = await compiled(join(TESTDATA, 'tiny'));
  const both = await run(graph, SPECTROGRAM);
  assert.equal(both.length, wanted.length);
  both.forEach((value, at) => assert.ok(Math.abs(value - wanted[at]!) < 1e-5, `${value}, not ${wanted[at]} at ${at}`));
  const differs = wanted.subarray(0, TAGS).some((value, tag) => Math.abs(value - wanted[TAGS + tag]!) > 0.02);
  assert.ok(differs, 'the windows are told apart');
  const second = await run(graph, SPECTROGRAM.subarray(FRAMES * BANDS));
  second.forEach((value, tag) => assert.ok(Math.abs(value - wanted[TAGS + tag]!) < 1e-5));
});

void test('what is no such model is refused', async (t) => {
  await assert.rejects(compiled(join(TESTDATA, '../spleeter/elu-sigmoid')), ModelFileError);
  // Wider than all bands of a spectrogram.
  await assert.rejects(compiled(join(TESTDATA, 'tiny'), { frames: FRAMES, bands: 6 }), /convolution 1 does not fit/u);
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-musicnn-'));
  t.after(() => rm(folder, { recursive: true }));
  await cp(TESTDATA, folder, { recursive: true });
  const data = join(folder, 'tiny.data-00000-of-00001');
  const whole = await readFile(data);
  for (const at of [0, whole.length / 2, whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1;
    await writeFile(data, damaged);
    await assert.rejects(compiled(join(folder, 'tiny')), /fails its checksum/u);
  }
  await writeFile(data, whole.subarray(0, whole.length - 4));
  await assert.rejects(compiled(join(folder, 'tiny')), ModelFileError);
});
