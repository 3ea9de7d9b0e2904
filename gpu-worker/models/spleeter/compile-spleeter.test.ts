import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelFileError } from '../model-file-error.ts';
import { compileSpleeter } from './compile-spleeter.ts';
import type { SpleeterVariant } from './spleeter-variant.ts';

const TESTDATA = join(import.meta.dirname, '../testdata/spleeter');
const SIZE = { frames: 64, bins: 64 };
const BATCH = 2;
const VALUES = BATCH * 2 * SIZE.frames * SIZE.bins;
/** The recipe kept every 7th value. */
const KEPT_EVERY = 7;
const MINIMUM_SNR_DB = 115;

const VARIANTS: Record<string, SpleeterVariant> = {
  'leaky-sigmoid': { instruments: ['vocals', 'accompaniment'], activation: 'leaky-relu', mask: 'sigmoid' },
  'elu-sigmoid': { instruments: ['vocals', 'drums'], activation: 'elu', mask: 'sigmoid' },
  'elu-softmax': { instruments: ['vocals', 'piano', 'drums'], activation: 'elu', mask: 'softmax' },
};

function magnitude(): Tensor {
  const numbers = Float32Array.from({ length: VALUES }, (_, index) => ((index * 7919) % 1009) / 64);
  return new Tensor('float32', numbers, [BATCH, 2, SIZE.frames, SIZE.bins]);
}

async function run(prefix: string, variant: SpleeterVariant): Promise<Float32Array[]> {
  const estimates: Float32Array[] = [];
  for await (const { bytes } of compileSpleeter(prefix, variant, SIZE)) {
    const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
    const results = await session.run({ magnitude: magnitude() });
    for (const name of session.outputNames) {
      const data = results[name]?.data;
      assert.ok(data instanceof Float32Array);
      estimates.push(data);
    }
    await session.release();
  }
  return estimates;
}

function snrDb(wanted: readonly number[], found: readonly number[]): number {
  let signal = 0;
  let noise = 0;
  wanted.forEach((value, index) => {
    signal += value * value;
    noise += (value - found[index]!) ** 2;
  });
  return 10 * Math.log10(signal / noise);
}

for (const [name, variant] of Object.entries(VARIANTS)) {
  void test(`the compiled ${name} networks say what TensorFlow says`, async () => {
    const bytes = readFileSync(join(TESTDATA, `${name}.f32`));
    const wanted = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const estimates = await run(join(TESTDATA, name), variant);
    assert.equal(estimates.length, variant.instruments.length);
    const kept = Math.ceil(VALUES / KEPT_EVERY);
    for (const [index, estimate] of estimates.entries()) {
      const found = [...estimate].filter((_, position) => position % KEPT_EVERY === 0);
      const snr = snrDb([...wanted.subarray(index * kept, (index + 1) * kept)], found);
      assert.ok(snr > MINIMUM_SNR_DB, `${variant.instruments[index]}: ${snr} dB`);
    }
  });
}

void test('masks of a softmax model sum to one', async () => {
  const estimates = await run(join(TESTDATA, 'elu-softmax'), VARIANTS['elu-softmax']!);
  const mix = magnitude().data as Float32Array;
  const worst = Math.max(
    ...mix.map((value, index) => Math.abs(value - estimates.reduce((sum, e) => sum + e[index]!, 0))),
  );
  assert.ok(worst < 1e-5, String(worst));
});

void test('another activation is heard at once: the checkpoint alone does not tell it', async () => {
  const right = await run(join(TESTDATA, 'leaky-sigmoid'), VARIANTS['leaky-sigmoid']!);
  const wrong = await run(join(TESTDATA, 'leaky-sigmoid'), { ...VARIANTS['leaky-sigmoid']!, activation: 'elu' });
  assert.ok(snrDb([...right[0]!], [...wrong[0]!]) < 40);
});

void test('a checkpoint with another number of networks is refused, with the numbers found and wanted', async () => {
  await assert.rejects(
    run(join(TESTDATA, 'leaky-sigmoid'), { ...VARIANTS['leaky-sigmoid']!, instruments: ['a', 'b', 'c'] }),
    (error) => error instanceof ModelFileError && /14 layers "conv2d"; 3 networks need 21/.test(error.message),
  );
});

void test('every damaged byte of a checkpoint is noticed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-spleeter-'));
  t.after(() => rm(folder, { recursive: true }));
  const shard = 'leaky-sigmoid.data-00000-of-00001';
  await cp(join(TESTDATA, 'leaky-sigmoid.index'), join(folder, 'leaky-sigmoid.index'));
  const data = await readFile(join(TESTDATA, shard));
  for (const position of [0, 4711, 25_000]) {
    const damaged = Buffer.from(data);
    damaged[position]! ^= 1;
    await writeFile(join(folder, shard), damaged);
    await assert.rejects(run(join(folder, 'leaky-sigmoid'), VARIANTS['leaky-sigmoid']!), /fails its checksum/);
  }
});
