import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitMidSide } from './mid-side.ts';

void test('mid holds what both channels share, side what differs, and they sum to the input', () => {
  const left = Float32Array.of(1, 0, 0.5, -0.25);
  const right = Float32Array.of(1, 1, -0.5, 0.75);
  const { mid, side } = splitMidSide(left, right);
  assert.deepEqual([...mid[0]], [1, 0.5, 0, 0.25]);
  assert.deepEqual(mid[1], mid[0]);
  assert.deepEqual([...side[0]], [0, -0.5, 0.5, -0.5]);
  assert.deepEqual(
    left.map((_, n) => mid[0][n]! + side[0][n]!),
    left,
  );
  assert.deepEqual(
    right.map((_, n) => mid[1][n]! + side[1][n]!),
    right,
  );
});

void test('refuses channels of unequal length', () => {
  assert.throws(() => splitMidSide(new Float32Array(2), new Float32Array(3)), RangeError);
});
