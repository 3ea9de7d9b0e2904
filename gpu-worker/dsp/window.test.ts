import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fadeIn, hannPeriodic, hannSymmetric, rectangular, sqrtHannPeriodic } from './window.ts';

function closeTo(actual: ArrayLike<number>, wanted: readonly number[]): void {
  assert.equal(actual.length, wanted.length);
  wanted.forEach((value, n) =>
    assert.ok(Math.abs((actual[n] ?? Number.NaN) - value) < 1e-7, `${String(n)}: ${String(actual[n])}`),
  );
}

void test('the periodic Hann window has its zero at the start and its peak in the middle', () => {
  closeTo(hannPeriodic(4), [0, 0.5, 1, 0.5]);
});

void test('the symmetric Hann window has a zero at both ends', () => {
  closeTo(hannSymmetric(5), [0, 0.5, 1, 0.5, 0]);
  closeTo(hannSymmetric(1), [1]);
});

void test('squares of the periodic Hann window at a quarter hop sum to 3/2', () => {
  const window = hannPeriodic(64);
  for (let n = 0; n < 16; n++) {
    let sum = 0;
    for (let at = n; at < 64; at += 16) sum += (window[at] ?? 0) ** 2;
    assert.ok(Math.abs(sum - 1.5) < 1e-6);
  }
});

void test('squares of the root Hann window at a half hop sum to 1', () => {
  const window = sqrtHannPeriodic(64);
  for (let n = 0; n < 32; n++) assert.ok(Math.abs((window[n] ?? 0) ** 2 + (window[n + 32] ?? 0) ** 2 - 1) < 1e-6);
});

void test('a fade and its mirror image sum to 1, and it rises all the way', () => {
  for (const length of [1, 2, 7, 1024]) {
    const fade = fadeIn(length);
    for (let n = 0; n < length; n++) {
      assert.ok(Math.abs((fade[n] ?? 0) + (fade[length - 1 - n] ?? 0) - 1) < 1e-6);
      if (n > 0) assert.ok((fade[n] ?? 0) > (fade[n - 1] ?? 1));
    }
  }
});

void test('the rectangular window is one everywhere', () => closeTo(rectangular(3), [1, 1, 1]));
