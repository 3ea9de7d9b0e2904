import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMaskRows, fillAnyMaskRows, fillMaskRows } from './spleeter-masks.ts';
import { NETWORK_BINS } from './spleeter-spectra.ts';

const ROW = NETWORK_BINS;

/** Two rows of magnitudes from 1e-12 to 1e3, some of them 0. */
function estimate(seed: number): Float32Array {
  return Float32Array.from({ length: 2 * NETWORK_BINS }, (_, bin) => {
    const random = Math.abs(Math.sin((bin + 1) * seed) * 1e4) % 1;
    return random < 0.05 ? 0 : 10 ** (15 * random - 12);
  });
}

void test('masks of two instruments are those of any number, to the last bit', () => {
  const estimates = [estimate(1.7), estimate(2.3)];
  const [fast, plain] = [createMaskRows(2), createMaskRows(2)];
  fillMaskRows(estimates, ROW, fast);
  fillAnyMaskRows(estimates, ROW, plain);
  assert.deepEqual(fast, plain);
  assert.ok(fast[0]!.some((mask) => mask > 0.9) && fast[0]!.some((mask) => mask < 0.1));
});

for (const instruments of [2, 3, 5]) {
  void test(`masks of ${String(instruments)} instruments sum to one, in silence too`, () => {
    const estimates = Array.from({ length: instruments }, (_, index) => estimate(index + 1.1));
    for (const silent of estimates) silent.fill(0, ROW, ROW + 10);
    const masks = createMaskRows(instruments);
    fillMaskRows(estimates, ROW, masks);
    for (let bin = 0; bin < NETWORK_BINS; bin++) {
      const sum = masks.reduce((total, mask) => total + mask[bin]!, 0);
      assert.ok(Math.abs(sum - 1) < 1e-12, `${sum} in bin ${bin}`);
    }
    assert.ok(Math.abs(masks[0]![3]! - 1 / instruments) < 1e-12);
  });
}
