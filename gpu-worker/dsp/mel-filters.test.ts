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

void test('filters of a range begin and end with it, and as heights reach 1 at their centres', () => {
  const [rateHz, size] = [22_050, 1 << 17];
  const binHz = rateHz / size;
  const filters = melFilters(30, rateHz, size, { lowestHz: 300, highestHz: 9000, unit: 'height' });
  const [first, last] = [filters[0]!, filters.at(-1)!];
  assert.ok(Math.abs(first.firstBin * binHz - 300) <= binHz);
  assert.ok(Math.abs((last.firstBin + last.weights.length - 1) * binHz - 9000) <= binHz);
  for (const { weights } of filters) assert.ok(Math.abs(Math.max(...weights) - 1) < 1e-2);
  // Between the first centre and the last, the triangles sum to 1 everywhere.
  const sums = new Float64Array(size / 2 + 1);
  for (const { firstBin, weights } of filters) weights.forEach((weight, index) => (sums[firstBin + index]! += weight));
  const peakBin = ({ firstBin, weights }: (typeof filters)[number]): number =>
    firstBin + weights.indexOf(Math.max(...weights));
  for (const sum of sums.subarray(peakBin(first) + 1, peakBin(last))) assert.ok(Math.abs(sum - 1) < 1e-9);
});
