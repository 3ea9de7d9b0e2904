import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createPeakMeter } from './peaks.ts';
import type { PeakColumns } from './peaks.ts';

function measure(channels: readonly Float32Array[], columns: number): PeakColumns {
  const meter = createPeakMeter({ samples: channels[0]?.length ?? 0, channels: channels.length, columns });
  meter.push(channels);
  return meter.columns();
}

test('finds extremes and level of each column over all channels', () => {
  const left = Float32Array.of(0.5, -0.25, 0, 0, 0.125, 0.125);
  const right = Float32Array.of(0.25, -0.75, 0, 0, 0.125, 0.125);
  const { lowest, highest, rms } = measure([left, right], 3);
  assert.deepEqual([...lowest], [-0.75, 0, 0]);
  assert.deepEqual([...highest], [0.5, 0, 0.125]);
  assert.deepEqual([...rms], [Math.fround(Math.sqrt((0.25 + 0.0625 + 0.0625 + 0.5625) / 4)), 0, 0.125]);
});

test('a sine has its amplitude and its level in every column', () => {
  const sine = Float32Array.from(
    { length: 44_100 },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * 441 * index) / 44_100),
  );
  const { lowest, highest, rms } = measure([sine], 7);
  for (let column = 0; column < 7; column++) {
    assert.ok(Math.abs((highest[column] as number) - 0.5) < 0.001);
    assert.ok(Math.abs((lowest[column] as number) + 0.5) < 0.001);
    assert.ok(Math.abs((rms[column] as number) - 0.5 / Math.SQRT2) < 0.002);
  }
});

test('has a column per sample where there are fewer samples than columns', () => {
  assert.deepEqual([...measure([Float32Array.of(1, -1)], 10).highest], [1, 0]);
  assert.equal(measure([new Float32Array(0)], 10).rms.length, 0);
});

test('gives the same bits however the signal is cut, and every sample belongs to one column', () => {
  const samples = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 500 });
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90 }), (values, columns, block) => {
      const signal = [Float32Array.from(values), Float32Array.from(values.toReversed())];
      const whole = measure(signal, columns);
      const meter = createPeakMeter({ samples: values.length, channels: 2, columns });
      for (let start = 0; start < values.length; start += block) {
        meter.push(signal.map((channel) => channel.subarray(start, start + block)));
      }
      assert.deepEqual(meter.columns(), whole);
      // Adding zero makes a negative zero, which is as good an extreme, a plain one.
      assert.equal(Math.max(...whole.highest) + 0, Math.max(0, ...values.map(Math.fround)) + 0);
      assert.equal(Math.min(...whole.lowest) + 0, Math.min(0, ...values.map(Math.fround)) + 0);
    }),
    { examples: [[[-0, 0], 1, 1]] },
  );
});
