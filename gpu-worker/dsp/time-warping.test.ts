import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warpRows } from './time-warping.ts';

void test('the path follows the ridge of a matrix', () => {
  const ridge = [
    [9, 9, -1, -1, -1, -1],
    [-1, -1, 9, -1, -1, -1],
    [-1, -1, -1, 9, 9, 9],
  ];
  assert.deepEqual([...warpRows(Float32Array.from(ridge.flat()), 3, 6)], [0, 2, 3]);
});

void test('one row takes all columns, and rows beyond the columns share the last', () => {
  assert.deepEqual([...warpRows(Float32Array.of(1, 2, 3), 1, 3)], [0]);
  assert.deepEqual([...warpRows(Float32Array.of(0, 0, 0), 3, 1)], [0, 0, 0]);
  assert.throws(() => warpRows(new Float32Array(5), 2, 3), RangeError);
});

/** Of all paths, each step to the next row, column or both. */
function bestSum(matrix: readonly number[][], row = 0, column = 0): number {
  const here = matrix[row]![column]!;
  const nexts = [
    [row + 1, column + 1],
    [row + 1, column],
    [row, column + 1],
  ].filter(([r = 0, c = 0]) => r < matrix.length && c < matrix[0]!.length);
  if (nexts.length === 0) return here;
  return here + Math.max(...nexts.map(([r = 0, c = 0]) => bestSum(matrix, r, c)));
}

/** The best path that enters each row where `starts` says: within a row to the right, then down or diagonally. */
function sumAlong(matrix: readonly number[][], starts: readonly number[]): number {
  const columns = matrix[0]!.length;
  let best = 0;
  for (const [row, start] of starts.entries()) {
    const next = starts[row + 1] ?? columns;
    const isLast = row === starts.length - 1;
    let sum = 0;
    for (let column = start; column < next; column++) sum += matrix[row]![column]!;
    // The next row may also be entered straight below this row's last column.
    const below = isLast ? -Infinity : sum + matrix[row]![next]!;
    best += next === start ? matrix[row]![next]! : Math.max(sum, below);
  }
  return best;
}

void test('no path of small random matrices has a higher sum', () => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return Math.round((seed / 2_147_483_647) * 20 - 10);
  };
  for (let round = 0; round < 200; round++) {
    const rows = 1 + (round % 4);
    const columns = 1 + (round % 5);
    const matrix = Array.from({ length: rows }, () => Array.from({ length: columns }, random));
    const starts = [...warpRows(Float32Array.from(matrix.flat()), rows, columns)];
    assert.equal(sumAlong(matrix, starts), bestSum(matrix), JSON.stringify({ round, matrix, starts }));
  }
});
