import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warpRows } from '../dsp/time-warping.ts';
import { smoothAttention } from './align-tokens.ts';

void test('attention that moves on with the tokens gives their beginnings, whatever lies beyond the used part', () => {
  const [rows, columns, used] = [3, 60, 30];
  // Each token is looked for in ten frames; one outlier, and a loud end that is padding.
  const scores = Float32Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    if (column >= used) return row === 0 ? 50 : 0;
    if (row === 2 && column === 4) return 9;
    return Math.floor(column / 10) === row ? 5 : 0;
  });
  const smooth = smoothAttention(scores, rows, columns, used);
  assert.equal(smooth.length, rows * used);
  assert.deepEqual([...warpRows(smooth, rows, used)], [0, 10, 20]);
  assert.ok(smooth[2 * used + 4]! < 0.5, 'the median has taken the outlier');
});

void test('equal attention stands out nowhere, and a window shorter than the median is left as it is', () => {
  assert.ok(smoothAttention(new Float32Array(20), 2, 10, 10).every((value) => value === 0));
  const short = smoothAttention(Float32Array.of(5, 0, 0, 5), 2, 2, 2);
  assert.deepEqual([...short], [1, -1, -1, 1]);
});
