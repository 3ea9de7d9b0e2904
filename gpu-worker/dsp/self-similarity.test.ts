import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selfSimilarity } from './self-similarity.ts';

const VECTORS = [Float32Array.of(0, 0), Float32Array.of(1, 0), Float32Array.of(0, 0)];

test('what is the same has similarity 1, and likeness is mutual', () => {
  const { values, count } = selfSimilarity(VECTORS, 0.01);
  assert.equal(values[2], 1);
  assert.equal(values[1], values[count]);
  // d² = 1 and the mean of all d² = 2/3: exp(-3/4).
  assert.ok(Math.abs(values[1]! - Math.exp(-0.75)) < 1e-6);
});

test('small differences stay small where there are no others', () => {
  // d² = 1 over twice the least mean of 2: exp(-1/4).
  assert.ok(Math.abs(selfSimilarity(VECTORS, 2).values[1]! - Math.exp(-0.25)) < 1e-6);
});
