import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { createMediaBench } from './media.test-kit.ts';
import type { MediaBench } from './media.test-kit.ts';
import { putStem } from './stems.test-kit.ts';

const FORMAT = { rateHz: 44_100, channels: 2 } as const;
const FRAMES = 30_001;

async function threeStems(bench: MediaBench): Promise<{ stems: FinishedStem[]; samples: Float32Array[] }> {
  const samples = [1, 2, 3].map((seed) => {
    const random = seededRandom(seed);
    return Float32Array.from({ length: FRAMES * 2 }, () => random() * 1.6 - 0.8);
  });
  const stems: FinishedStem[] = [];
  for (const [index, name] of ['vocals', 'drums', 'residual'].entries()) {
    stems.push(await putStem(bench, name, samples[index] as Float32Array, FORMAT));
  }
  return { stems, samples };
}

async function decoded(bench: MediaBench, key: string): Promise<Float32Array> {
  const out = join(bench.folder, 'decoded.raw');
  await bench.blobs.withFile(key, (path) => bench.ffmpeg('-i', path, '-f', 'f32le', out));
  return new Float32Array(new Uint8Array(await readFile(out)).buffer);
}

for (const [format, error] of [
  ['wav', 1e-6],
  ['flac', 1.3e-7],
] as const) {
  test(`a mix as ${format} is the sum at the levels that were set, whatever its own level`, async (t) => {
    const bench = await createMediaBench(t);
    const { stems, samples } = await threeStems(bench);
    const gains = { vocals: 0.25, residual: 0.5, drums: 0 };
    const { blob, held } = await bench.inActivity(() =>
      bench.activities.mixDown({ renderingId: 'mix', stems, gains, format }),
    );
    assert.deepEqual(held, [blob]);
    const mix = await decoded(bench, blob.key);
    assert.equal(mix.length, FRAMES * 2);
    for (const [index, value] of mix.entries()) {
      const wanted = 0.25 * Number(samples[0]?.[index]) + 0.5 * Number(samples[2]?.[index]);
      assert.ok(Math.abs(value - wanted) <= error, `${String(index)}: ${String(value)} ${String(wanted)}`);
    }
    assert.deepEqual(await bench.scratch(), []);
  });
}

test('a float mix may go beyond full scale; equal mixes are made once; other levels are another file', async (t) => {
  const bench = await createMediaBench(t);
  const { stems } = await threeStems(bench);
  const mixed = async (gain: number) =>
    await bench.inActivity(() =>
      bench.activities.mixDown({ renderingId: 'mix', stems, gains: { vocals: gain, drums: gain }, format: 'wav' }),
    );
  const loud = await mixed(2);
  assert.ok((await decoded(bench, loud.blob.key)).some((value) => value > 1.5));
  assert.deepEqual(await mixed(2), loud);
  assert.notEqual((await mixed(1)).blob.key, loud.blob.key);
  assert.equal((await bench.keys('mixes/')).length, 2);
});

test('mp3 and opus come whole', async (t) => {
  const bench = await createMediaBench(t);
  const { stems } = await threeStems(bench);
  for (const format of ['mp3', 'opus'] as const) {
    const { blob } = await bench.inActivity(() =>
      bench.activities.mixDown({ renderingId: 'mix', stems, gains: { drums: 0.5 }, format }),
    );
    const length = (await decoded(bench, blob.key)).length / 2;
    const wanted = format === 'opus' ? (FRAMES * 48_000) / 44_100 : FRAMES;
    assert.ok(Math.abs(length - wanted) < 2000, `${format}: ${String(length)}`);
  }
});
