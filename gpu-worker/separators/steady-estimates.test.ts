import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NETWORK_BINS, SEGMENT_FRAMES } from './spleeter-spectra.ts';
import { SEGMENT_VALUES } from './spleeter-networks.ts';
import { steadyEstimates } from './steady-estimates.ts';

const at = (channel: number, frame: number, bin: number): number =>
  (channel * SEGMENT_FRAMES + frame) * NETWORK_BINS + bin;

void test('shares are averaged over neighbouring frames, totals are not, and each instrument keeps 2 % of all', () => {
  const estimates = [new Float32Array(SEGMENT_VALUES), new Float32Array(SEGMENT_VALUES)];
  const steady = [new Float32Array(SEGMENT_VALUES), new Float32Array(SEGMENT_VALUES)];
  // One instrument alone for a frame, the other before and after it.
  estimates[0]![at(1, 9, 5)] = 8;
  estimates[1]![at(1, 8, 5)] = 4;
  estimates[1]![at(1, 10, 5)] = 4;
  // At the first frame the neighbour before is the frame itself.
  estimates[0]![at(0, 0, 7)] = 3;
  estimates[1]![at(0, 1, 7)] = 1;
  steadyEstimates(estimates, steady);

  // 8/2 = 4 of the one, (4 + 4)/4 = 2 of the other.
  assert.ok(Math.abs(steady[0]![at(1, 9, 5)]! - 8 * (4 / 6 + 0.02)) < 1e-5);
  assert.ok(Math.abs(steady[1]![at(1, 9, 5)]! - 8 * (2 / 6 + 0.02)) < 1e-5);
  // 3/2 + 3/4 of the one, 1/4 of the other.
  assert.ok(Math.abs(steady[0]![at(0, 0, 7)]! - 3 * (2.25 / 2.5 + 0.02)) < 1e-5);
  assert.ok(Math.abs(steady[1]![at(0, 0, 7)]! - 3 * (0.25 / 2.5 + 0.02)) < 1e-5);
  // Nothing there, nothing comes of it, though the neighbours have something.
  assert.equal(steady[0]![at(1, 7, 5)], 0);
  assert.equal(steady[1]![at(1, 11, 5)], 0);
});
