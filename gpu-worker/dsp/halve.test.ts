import assert from 'node:assert/strict';
import { test } from 'node:test';
import { halve } from './halve.ts';

/** @param share of the Nyquist frequency behind the filter */
function tone(share: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => Math.sin((Math.PI * share * n) / 2 + 0.3));
}

for (const share of [0.001, 0.1, 0.25, 0.4]) {
  void test(`keeps a tone at ${String(share)} of what is left, in level and in time`, () => {
    const signal = tone(share, 4000);
    const halved = halve(signal);
    assert.equal(halved.length, 2000);
    for (let n = 20; n < 1980; n++) assert.ok(Math.abs(halved[n]! - signal[2 * n]!) < 1e-4, `sample ${String(n)}`);
  });
}

for (const share of [1.6, 1.75, 1.9, 2]) {
  void test(`leaves nothing of a tone at ${String(share)} of it, which would fold`, () => {
    const inner = halve(tone(share, 4000)).subarray(20, 1980);
    assert.ok(Math.max(...inner.map(Math.abs)) < 10 ** (-95 / 20));
  });
}

void test('takes zeros for what lies outside of the signal', () => {
  const signal = tone(0.3, 101);
  const padded = new Float32Array(201);
  padded.set(signal, 50);
  assert.deepEqual(halve(signal), halve(padded).subarray(25, 76));
  assert.equal(halve(new Float32Array(0)).length, 0);
  assert.equal(halve(Float32Array.of(1))[0], 0.5);
});
