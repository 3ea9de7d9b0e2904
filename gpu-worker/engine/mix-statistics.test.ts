import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameReader } from '../wav/read-wav.ts';
import type { MixStatistics } from '../models/separator.ts';
import { measureMix } from './mix-statistics.ts';

async function measure(channels: readonly Float32Array[]): Promise<readonly MixStatistics[]> {
  const samples = channels[0]?.length ?? 0;
  const reader: FrameReader = {
    async read(start, count, into) {
      await Promise.resolve();
      for (const [index, channel] of channels.entries()) into[index]?.set(channel.subarray(start, start + count));
    },
  };
  const header = { rateHz: 44_100, channels: channels.length, samples, dataOffset: 0, bytes: 0 };
  return await measureMix(reader, header, () => undefined);
}

test('a sine over an offset, longer than a block: closed forms of peak, mean and deviation', async () => {
  const samples = 441_000;
  const sine = Float32Array.from({ length: samples }, (_, index) => 0.25 + 0.5 * Math.sin((2 * Math.PI * index) / 100));
  const [left] = await measure([sine, sine]);
  assert.ok(Math.abs((left?.peak ?? 0) - 0.75) < 1e-6);
  assert.ok(Math.abs((left?.meanMono ?? 0) - 0.25) < 1e-7);
  assert.ok(Math.abs((left?.standardDeviationMono ?? 0) - 0.5 / Math.SQRT2) < 1e-7);
});

test('each pair is measured on its own, and the peak counts negative samples of either channel', async () => {
  const quiet = Float32Array.of(0.1, 0.1, 0.1);
  const [first, second] = await measure([quiet, Float32Array.of(0, -0.7, 0), quiet, quiet.map((sample) => -sample)]);
  assert.equal(first?.peak, Math.fround(0.7));
  assert.deepEqual(second, { peak: Math.fround(0.1), meanMono: 0, standardDeviationMono: 0 });
});

test('refuses samples that are not finite', async () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    await assert.rejects(measure([Float32Array.of(0, bad), Float32Array.of(0, 0)]), RangeError);
  }
});
