import assert from 'node:assert/strict';
import { test } from 'node:test';
import { medianAcrossRows, medianAlongRows } from './median.ts';

function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    // Few distinct values, so that equal ones meet in a window.
    return Math.floor((state / 2147483647) * 40) / 8;
  });
}

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[(values.length - 1) / 2]!;

for (const width of [1, 3, 17]) {
  void test(`the median of ${String(width)} along a row is that of the sorted neighbours, mirrored at the edges`, () => {
    const rows = 3;
    const columns = 61;
    const values = noise(rows * columns, 29);
    const output = new Float32Array(rows * columns);
    medianAlongRows(values, rows, columns, width, output);
    const half = (width - 1) / 2;
    for (let row = 0; row < rows; row++) {
      const mirrored = (column: number): number => {
        const inside = column < 0 ? -1 - column : column >= columns ? 2 * columns - 1 - column : column;
        return values[row * columns + inside]!;
      };
      for (let column = 0; column < columns; column++) {
        const neighbours = Array.from({ length: width }, (_, n) => mirrored(column - half + n));
        assert.equal(output[row * columns + column], middle(neighbours));
      }
    }
  });

  void test(`the median of ${String(width)} down a column is that of the sorted rows inside`, () => {
    const rows = 40;
    const columns = 5;
    const values = noise(rows * columns, 31);
    const output = new Float32Array((rows - width + 1) * columns);
    medianAcrossRows(values, rows, columns, width, output);
    for (let row = 0; row <= rows - width; row++) {
      for (let column = 0; column < columns; column++) {
        const inside = Array.from({ length: width }, (_, n) => values[(row + n) * columns + column]!);
        assert.equal(output[row * columns + column], middle(inside));
      }
    }
  });
}

void test('refuses even widths and windows wider than the matrix', () => {
  const values = new Float32Array(9);
  assert.throws(() => medianAlongRows(values, 3, 3, 2, values), RangeError);
  assert.throws(() => medianAcrossRows(values, 3, 3, 5, values), RangeError);
});
