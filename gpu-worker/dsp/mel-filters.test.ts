import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hzOfMel, melFilters, melOfHz } from './mel-filters.ts';

void test('the scale is even up to 1 kHz, where 15 mels are, and 27 mels more are 6.4 times as high', () => {
  assert.equal(hzOfMel(3), 200);
  assert.ok(Math.abs(hzOfMel(15) - 1000) < 1e-9);
  assert.ok(Math.abs(hzOfMel(42) - 6400) < 1e-9);
  for (const hz of [0, 440, 999, 1001, 8000]) assert.ok(Math.abs(hzOfMel(melOfHz(hz)) - hz) < 1e-9);
});

void test('each filter has an area of 1, its peak at its centre, and ends at its neighbours', () => {
  const filters = melFilters(20, 16_000, 65_536);
  const binHz = 16_000 / 65_536;
  const centre = (band: number): number => hzOfMel((melOfHz(8000) * (band + 1)) / 21);
  for (const [band, { firstBin, weights }] of filters.entries()) {
    const area = weights.reduce((sum, weight) => sum + weight * binHz, 0);
    assert.ok(Math.abs(area - 1) < 1e-3, `band ${band}: ${area}`);
    const peak = (firstBin + weights.indexOf(Math.max(...weights))) * binHz;
    assert.ok(Math.abs(peak - centre(band)) <= binHz);
    assert.ok(firstBin * binHz >= centre(band - 1) - 1e-9);
    assert.ok((firstBin + weights.length - 1) * binHz <= centre(band + 1) + 1e-9);
  }
});
