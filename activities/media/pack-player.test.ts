import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import type { PackedStem, PlayerPack } from '../../workflows/contract/rendering.ts';
import { createMediaBench } from './media.test-kit.ts';
import type { MediaBench } from './media.test-kit.ts';
import { createPeaks } from './peaks.ts';
import { putStem } from './stems.test-kit.ts';

const SEED = Number(process.env['WOODSHED_TEST_SEED'] ?? 4711);

function noise(frames: number, channels: number, level: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: frames * channels }, () => (random() * 2 - 1) * level);
}

async function packOf(bench: MediaBench, stems: Parameters<MediaBench['activities']['packPlayer']>[0]['stems']) {
  const made = await bench.inActivity(() => bench.activities.packPlayer({ renderingId: 'pack', stems }));
  const bytes = await bench.blobs.withFile(made.blob.key, async (path) => await readFile(path, 'utf8'));
  return { made, pack: JSON.parse(bytes) as PlayerPack };
}

/** Each segment as a decoder of its own gives it, as 16-bit integers. */
async function segmentsOf(bench: MediaBench, { blob, offsets }: PackedStem): Promise<Int16Array[]> {
  const whole = await bench.blobs.withFile(blob.key, async (path) => await readFile(path));
  assert.equal(offsets.at(-1), whole.length);
  const segments: Int16Array[] = [];
  for (let index = 0; index + 1 < offsets.length; index++) {
    const [file, raw] = [join(bench.folder, 'segment.flac'), join(bench.folder, 'segment.raw')];
    await writeFile(file, whole.subarray(offsets[index], offsets[index + 1]));
    await bench.ffmpeg('-i', file, '-f', 's16le', raw);
    segments.push(new Int16Array(new Uint8Array(await readFile(raw)).buffer));
  }
  return segments;
}

test('cuts every stem on its sample: the segments join to the stem, rounded to 16 bits', async (t) => {
  t.diagnostic(`seed ${String(SEED)}`);
  const bench = await createMediaBench(t);
  const frames = 44_100 * 17 + 123;
  const samples = noise(frames, 2, 0.7, SEED);
  const vocals = await putStem(bench, 'vocals', samples, { rateHz: 44_100, channels: 2, peakDbtp: -2 });
  const rest = await putStem(bench, 'residual', noise(frames, 2, 0.1, SEED + 1), { rateHz: 44_100, channels: 2 });
  const { pack, made } = await packOf(bench, [vocals, rest]);
  assert.deepEqual([pack.rateHz, pack.channels, pack.samples, pack.segmentSamples], [44_100, 2, frames, 4 * 44_100]);
  assert.deepEqual(
    pack.stems.map(({ name, isResidual, scale, loudnessLufs }) => [name, isResidual, scale, loudnessLufs]),
    [
      ['vocals', false, 1, -14],
      ['residual', true, 1, -14],
    ],
  );
  const segments = await segmentsOf(bench, pack.stems[0] as PackedStem);
  assert.deepEqual(
    segments.map(({ length }) => length / 2),
    [...Array<number>(4).fill(4 * 44_100), frames - 16 * 44_100],
  );
  let at = 0;
  for (const segment of segments) {
    for (const value of segment) {
      assert.ok(Math.abs(value - Number(samples[at]) * 32_768) <= 0.5001, `sample ${String(at)}`);
      at += 1;
    }
  }
  assert.equal(at, samples.length);
  assert.deepEqual(
    bench.fractions,
    bench.fractions.toSorted((a, b) => a - b),
  );
  assert.ok(bench.fractions.length >= 2 && Number(bench.fractions.at(-1)) < 1);
  assert.deepEqual(new Set(made.held.map(({ key }) => key)).size, 5);
  assert.deepEqual(await bench.scratch(), []);
});

test('peaks are the lowest and highest of 1,500 parts', async (t) => {
  const bench = await createMediaBench(t);
  const frames = 1500 * 40;
  const samples = Float32Array.from({ length: frames }, (_, frame) => {
    const part = Math.floor(frame / 40);
    return frame % 40 === 7 ? part / 1500 : frame % 40 === 9 ? -part / 3000 : 0;
  });
  const stem = await putStem(bench, 'bass', samples, { rateHz: 44_100, channels: 1 });
  const { pack } = await packOf(bench, [stem]);
  const peaks = new Int8Array(Buffer.from(pack.stems[0]?.peaks ?? '', 'base64'));
  assert.equal(peaks.length, 3000);
  for (const part of [10, 300, 777, 1499]) {
    assert.ok(Math.abs(Number(peaks[part * 2 + 1]) - (part / 1500) * 127) <= 1, String(part));
    assert.ok(Math.abs(Number(peaks[part * 2]) + (part / 3000) * 127) <= 1, String(part));
  }
});

test('peaks of a sound shorter than its picture', () => {
  const peaks = createPeaks({ samples: 10, channels: 1, parts: 100 });
  peaks.push(Float32Array.from({ length: 10 }, (_, index) => (index + 1) / 10));
  assert.equal(Math.max(...peaks.read()), 127);
});

test('a stem beyond full scale is packed at a lower level and says so; a residual that nobody hears is left out', async (t) => {
  const bench = await createMediaBench(t);
  const format = { rateHz: 48_000, channels: 2 } as const;
  const samples = noise(48_000, 2, 1.9, SEED);
  const loud = await putStem(bench, 'drums', samples, { ...format, peakDbtp: 6 });
  const silent = await putStem(bench, 'residual', noise(48_000, 2, 1e-5, SEED), { ...format, peakDbtp: -99 });
  const { pack } = await packOf(bench, [loud, silent]);
  assert.deepEqual(
    pack.stems.map(({ name }) => name),
    ['drums'],
  );
  const [stem] = pack.stems as [PackedStem];
  assert.ok(Math.abs(stem.scale - 10 ** (6 / 20)) < 1e-9);
  const [segment] = await segmentsOf(bench, stem);
  for (const [index, value] of (segment as Int16Array).entries()) {
    assert.ok(Math.abs((value / 32_768) * stem.scale - Number(samples[index])) <= (0.51 / 32_768) * stem.scale);
  }
});

test('rates and channels that browsers do not play as they are become some that they do, seamlessly', async (t) => {
  const bench = await createMediaBench(t);
  const frames = 96_000 * 17;
  const tone = Float32Array.from(
    { length: frames },
    (_, frame) => 0.5 * Math.sin((2 * Math.PI * 440 * frame) / 96_000),
  );
  const stem = await putStem(bench, 'guitar', tone, { rateHz: 96_000, channels: 1 });
  const { pack } = await packOf(bench, [stem]);
  assert.deepEqual([pack.rateHz, pack.channels, pack.segmentSamples], [48_000, 1, 4 * 48_000]);
  const joined = (await segmentsOf(bench, pack.stems[0] as PackedStem)).flatMap((segment) => [...segment]);
  assert.equal(joined.length, pack.samples);
  assert.ok(Math.abs(joined.length - 48_000 * 17) <= 1);
  // A sine has no second difference but its own: a seam would stand out.
  const bend = 2 - 2 * Math.cos((2 * Math.PI * 440) / 48_000);
  for (let at = 1000; at < joined.length - 1000; at++) {
    const [before, here, after] = [joined[at - 1], joined[at], joined[at + 1]] as [number, number, number];
    assert.ok(Math.abs(before - 2 * here + after + bend * here) < 4, `seam at ${String(at)}`);
  }
});

test('packing again makes nothing anew, also for another separation with the same stem', async (t) => {
  const bench = await createMediaBench(t);
  const stem = await putStem(bench, 'bass', noise(44_100, 2, 0.5, SEED), { rateHz: 44_100, channels: 2 });
  const first = await packOf(bench, [stem]);
  const keys = await bench.keys('player/');
  const again = await packOf(bench, [{ ...stem, name: 'low' }]);
  assert.deepEqual(await bench.keys('player/'), keys);
  assert.deepEqual(
    again.pack.stems,
    first.pack.stems.map((packed) => ({ ...packed, name: 'low' })),
  );
});
