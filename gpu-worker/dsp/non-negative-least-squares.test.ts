import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNonNegativeSolver } from './non-negative-least-squares.ts';

const COLUMNS = [Float32Array.of(1, 0.5, 0, 0), Float32Array.of(0, 1, 0.5, 0), Float32Array.of(0, 0, 1, 0.5)];

function solve(v: Float32Array): Float32Array {
  const x = new Float32Array(3);
  createNonNegativeSolver(COLUMNS, 4, 200).solve(v, x);
  return x;
}

test('finds what a mixture is made of', () => {
  const x = solve(Float32Array.of(2, 1, 3, 1.5));
  for (const [index, expected] of [2, 0, 3].entries()) assert.ok(Math.abs(x[index]! - expected) < 1e-4, String(x));
});

test('an unknown that would have to be negative is 0, and the rest is the best without it', () => {
  const x = solve(Float32Array.of(1, -1, 0, 0));
  // Column 0 alone: (1·1 - 0.5·1) / 1.25.
  assert.ok(Math.abs(x[0]! - 0.4) < 1e-4 && x[1] === 0 && x[2] === 0, String(x));
});
