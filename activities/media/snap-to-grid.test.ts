import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LOUDEST_SAMPLE, snapToGrid } from './snap-to-grid.ts';

const STEP = 2 ** -23;

test('rounds to the nearest step, halves upwards, and knows one silence', () => {
  const samples = Float32Array.of(0.5 * STEP, -0.5 * STEP, 1.5 * STEP, -1.5 * STEP, 0.49999997 * STEP, -0, -1e-40);
  assert.equal(snapToGrid(samples), 0);
  assert.deepEqual(samples, Float32Array.of(STEP, 0, 2 * STEP, -STEP, 0, 0, 0));
});

test('every sample becomes what Math.round makes of it', () => {
  const sample = fc.float({ noNaN: true, min: -LOUDEST_SAMPLE, max: LOUDEST_SAMPLE });
  const halves = fc.integer({ min: -(2 ** 24), max: 2 ** 24 }).map((half) => (half * STEP) / 2);
  fc.assert(
    fc.property(fc.array(fc.oneof(sample, halves)), (values) => {
      const samples = Float32Array.from(values);
      const wanted = samples.map((value) => Math.round(value / STEP) * STEP + 0);
      assert.equal(snapToGrid(samples), 0);
      assert.deepEqual(samples, wanted);
    }),
  );
});
