/** The reader of the mix by itself: whole numbers in, so that every sample of what comes out is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decibels, FADER_UNITY, gainOfFader } from '../browser/mixer/level-taper.ts';
import { createMixReader, CROSSFADE_SAMPLES } from '../browser/mixer/mix-reader.ts';
import type { MixReader } from '../browser/mixer/mix-reader.ts';
import { createSegmentStore } from '../browser/mixer/segment-store.ts';
import { wholeSamples } from '../browser/mixer/whole-samples.ts';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';

const SEED = Number(process.env['WOODSHED_TEST_SEED'] ?? 7);
const SAMPLES = 20_011;
const SEGMENT = 3000;

interface Song {
  readonly reader: MixReader;
  /** Of the sum of both stems, as floats. */
  readonly mix: Float32Array;
}

function song(missing: readonly number[] = []): Song {
  const random = seededRandom(SEED);
  const stems = [0, 1].map(() => Int16Array.from({ length: SAMPLES }, () => Math.round((random() - 0.5) * 20_000)));
  const shape = { channels: 1, samples: SAMPLES, segmentSamples: SEGMENT, scales: [1, 2] };
  const store = createSegmentStore(shape);
  for (const [stem, samples] of stems.entries()) {
    for (let index = 0; index * SEGMENT < SAMPLES; index++) {
      if (!missing.includes(index)) store.put(stem, index, [samples.slice(index * SEGMENT, (index + 1) * SEGMENT)]);
    }
  }
  const [a, b] = stems as [Int16Array, Int16Array];
  return {
    reader: createMixReader(store, shape),
    mix: Float32Array.from(a, (value, at) => (value + 2 * (b[at] as number)) / 32_768),
  };
}

/** In blocks of changing length, as a stretcher asks for them. */
function read(reader: MixReader, count: number, block = 128): Float32Array {
  const out = new Float32Array(count);
  const right = new Float32Array(1000);
  const left = new Float32Array(1000);
  for (let at = 0; at < count;) {
    const part = Math.min(block, count - at);
    reader.read(left, right, part, new Float32Array(2));
    assert.deepEqual(left.subarray(0, part), right.subarray(0, part));
    out.set(left.subarray(0, part), at);
    at += part;
  }
  return out;
}

for (const block of [128, 97, 1000]) {
  test(`reads the sum of all stems over every seam, and silence behind the end, ${block} at a time`, () => {
    const { reader, mix } = song();
    const out = read(reader, SAMPLES + 500, block);
    assert.deepEqual(out.subarray(0, SAMPLES), mix);
    assert.ok(out.subarray(SAMPLES).every((value) => value === 0));
    assert.ok(reader.isAtEnd);
  });
}

test('a seek is exact after its crossfade, and at once where nothing is heard', () => {
  const { reader, mix } = song();
  read(reader, 640);
  reader.seek(7777, true);
  const faded = read(reader, 1024);
  for (let step = 0; step < CROSSFADE_SAMPLES; step++) {
    const weight = (CROSSFADE_SAMPLES - step) / CROSSFADE_SAMPLES;
    const wanted = Number(mix[7777 + step]) * (1 - weight) + Number(mix[640 + step]) * weight;
    assert.ok(Math.abs(Number(faded[step]) - wanted) < 1e-6, String(step));
  }
  assert.deepEqual(faded.subarray(CROSSFADE_SAMPLES), mix.subarray(7777 + CROSSFADE_SAMPLES, 7777 + 1024));
  reader.seek(15_000, false);
  assert.deepEqual(read(reader, 500), mix.subarray(15_000, 15_500));
});

for (const [from, to] of [
  [4000, 9001],
  [0, 5000],
  [2990, 3010],
  [SAMPLES - 1000, SAMPLES],
] as const) {
  test(`repeats ${from} to ${to} with a period that is exact to the sample`, () => {
    const { reader, mix } = song();
    const period = to - from;
    const fade = Math.min(CROSSFADE_SAMPLES, period >> 1);
    reader.loop = { from, to };
    reader.seek(from, false);
    const rounds = Math.max(3, Math.ceil(2000 / period));
    const out = read(reader, period * rounds);
    for (let round = 0; round < rounds; round++) {
      const part = out.subarray(round * period, (round + 1) * period - fade);
      assert.deepEqual(part, mix.subarray(from, to - fade), `round ${String(round)}`);
    }
    assert.equal(reader.position, from);
    // No jump is larger than what the song itself has there, blended.
    const seam = out.subarray(period - fade, period);
    for (const [step, value] of seam.entries()) {
      const weight = (step + 1) / (fade + 1);
      const ahead = from - fade + step;
      const wanted = Number(mix[to - fade + step]) * (1 - weight) + (ahead < 0 ? 0 : Number(mix[ahead])) * weight;
      assert.ok(Math.abs(value - wanted) < 1e-6, String(step));
    }
  });
}

test('levels change without a step, and end where they were set', () => {
  const shape = { channels: 1, samples: SAMPLES, segmentSamples: SAMPLES, scales: [1] };
  const constant = createSegmentStore(shape);
  constant.put(0, 0, [new Int16Array(SAMPLES).fill(16_384)]);
  const plain = createMixReader(constant, shape);
  read(plain, 128);
  plain.setGains([0]);
  const out = read(plain, 8000);
  for (let at = 1; at < out.length; at++)
    assert.ok(Math.abs(Number(out[at]) - Number(out[at - 1])) < 0.004, String(at));
  assert.equal(out.at(-1), 0);
  plain.setGains([0.5]);
  assert.equal(read(plain, 8000).at(-1), 0.25);
});

test('what is missing of any stem can be read of none', () => {
  const { reader } = song([2]);
  assert.equal(reader.canRead(2 * SEGMENT), true);
  assert.equal(reader.canRead(2 * SEGMENT + 1), false);
  reader.loop = { from: 100, to: 2 * SEGMENT };
  assert.equal(reader.canRead(2 * SEGMENT + 1), true, 'a repeat needs its start, not what follows');
  reader.seek(3 * SEGMENT, false);
  assert.equal(reader.canRead(SAMPLES), true, 'behind the end there is nothing to miss');
});

test('faders are silent at the bottom, as recorded at three quarters, 6 dB more at the top', () => {
  assert.equal(gainOfFader(0), 0);
  assert.equal(gainOfFader(FADER_UNITY), 1);
  assert.ok(Math.abs(gainOfFader(200) - 10 ** (6 / 20)) < 1e-12);
  assert.deepEqual([decibels(0), decibels(1), decibels(0.5), decibels(2)], ['−∞', '0.0', '−6.0', '+6.0']);
});

for (const positive of [32_768, 32_767]) {
  test(`decoded floats become the samples that were packed, where a decoder divides by ${positive}`, () => {
    const packed = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768);
    const floats = Float32Array.from(packed, (value) => value / (value > 0 ? positive : 32_768));
    assert.deepEqual(wholeSamples(floats, packed.length), packed);
    assert.deepEqual(wholeSamples(floats.subarray(0, 3), 5), Int16Array.of(-32_768, -32_767, -32_766, 0, 0));
    assert.deepEqual(wholeSamples(new Float32Array(9), 9), new Int16Array(9));
  });
}
