import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogSpectrum, whiten } from './log-spectrum.ts';

const AXIS = { lowestHz: 55, semitones: 60, binsPerSemitone: 3, binHz: 2.7, binCount: 2048 };

test('a single line shows at its place on the logarithmic axis', () => {
  const axis = createLogSpectrum(AXIS);
  for (const bin of [60, 90, 120, 150, 170]) {
    const line = new Float32Array(AXIS.binCount);
    const nearest = Math.round((AXIS.lowestHz * 2 ** (bin / 36)) / AXIS.binHz);
    line[nearest] = 1;
    const output = new Float32Array(axis.bins);
    axis.map(line, output);
    assert.ok(Math.abs(output.indexOf(Math.max(...output)) - bin) <= 1, `bin ${String(bin)}`);
  }
});

test('a flat spectrum stays flat, however wide the bins are', () => {
  const axis = createLogSpectrum(AXIS);
  const output = new Float32Array(axis.bins);
  axis.map(new Float32Array(AXIS.binCount).fill(0.25), output);
  for (const value of output) assert.ok(Math.abs(value - 0.25) < 1e-6);
});

test('whitening takes a flat background away and gives lines of any strength the same height', () => {
  const values = new Float32Array(200).fill(1);
  values[50] = 11;
  values[150] = 101;
  const output = new Float32Array(200);
  whiten(values, 37, 0, output);
  assert.ok(Math.abs(output[50]! - output[150]!) < 1e-3);
  // One line of height h over n - 1 zeros: (h - h/n) / (h √(n - 1) / n) = √(n - 1).
  assert.ok(Math.abs(output[50]! - 6) < 1e-3);
  assert.equal(output.filter((value) => value > 0).length, 2);
});

test('the floor keeps down what varies little beside the rest', () => {
  const values = new Float32Array(200);
  values[50] = 1;
  values[150] = 0.001;
  const output = new Float32Array(200);
  whiten(values, 37, 0.1, output);
  // Root mean square 1/√200, so the floor is 0.00707; the deviation about a line of height h is 6h/37.
  assert.ok(Math.abs(output[50]! - 36 / 37 / (6 / 37 + 0.1 / Math.sqrt(200))) < 1e-3, String(output[50]));
  assert.ok(Math.abs(output[150]! - 0.036 / 37 / (0.006 / 37 + 0.1 / Math.sqrt(200))) < 1e-3, String(output[150]));
});
