import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decimate } from './decimate.ts';

const RATE_HZ = 48_000;

function sine(hz: number, rateHz: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => Math.sin((2 * Math.PI * hz * n) / rateHz));
}

function rms(signal: Float32Array): number {
  const inner = signal.subarray(200, signal.length - 200);
  return Math.sqrt(inner.reduce((sum, value) => sum + value * value, 0) / inner.length);
}

for (const hz of [40, 440, 3000, 4200]) {
  test(`keeps a sine of ${String(hz)} Hz where it was, in level and in time`, () => {
    const fewer = decimate(sine(hz, RATE_HZ, 48_000), 4);
    const expected = sine(hz, RATE_HZ / 4, 12_000);
    const error = rms(fewer.map((value, n) => value - expected[n]!)) / rms(expected);
    assert.ok(error < 0.012, `error ${String(error)}`);
  });
}

for (const hz of [7400, 9000, 12_000, 20_000]) {
  test(`leaves nothing of a sine of ${String(hz)} Hz, which would fold`, () => {
    const level = 20 * Math.log10(rms(decimate(sine(hz, RATE_HZ, 48_000), 4)) / Math.SQRT1_2);
    assert.ok(level < -70, `${String(level)} dB`);
  });
}

test('a factor of 1 is the signal itself, and no other than whole factors are taken', () => {
  const signal = sine(100, 8000, 100);
  assert.equal(decimate(signal, 1), signal);
  assert.throws(() => decimate(signal, 1.5), RangeError);
});
