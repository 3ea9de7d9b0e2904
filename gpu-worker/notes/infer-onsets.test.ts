import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferOnsets } from './infer-onsets.ts';
import { PITCHES } from './note-grid.ts';
import { posteriorsOf } from './posteriors.test-kit.ts';

test('the steepest rise counts as much as the surest onset, others in proportion', () => {
  const { onset, note } = posteriorsOf(40, {
    onset: [{ frames: [5, 6], at: 10, value: 0.75 }],
    note: [
      { frames: [20, 30], at: 40, value: 0.8 },
      { frames: [20, 30], at: 50, value: 0.2 },
    ],
  });
  const onsets = inferOnsets(onset, note);
  assert.ok(Math.abs(onsets[20 * PITCHES + 40]! - 0.75) < 1e-6);
  assert.ok(Math.abs(onsets[20 * PITCHES + 50]! - 0.75 / 4) < 1e-6);
  assert.equal(onsets[5 * PITCHES + 10], 0.75);
  assert.equal(onsets.filter((value) => value > 0).length, 3);
});

test('a rise must show against both frames before it', () => {
  const { onset, note } = posteriorsOf(40, {
    onset: [{ frames: [5, 6], at: 10, value: 1 }],
    note: [
      { frames: [10, 20], at: 40, value: 0.8 },
      { frames: [21, 30], at: 40, value: 0.8 },
    ],
  });
  const onsets = inferOnsets(onset, note);
  assert.equal(onsets[10 * PITCHES + 40], 1);
  // After a gap of one frame the value two frames back was as high.
  assert.equal(onsets[21 * PITCHES + 40], 0);
});

test('the first two frames rise from nothing and are no onsets', () => {
  const { onset, note } = posteriorsOf(40, {
    onset: [{ frames: [5, 6], at: 10, value: 1 }],
    note: [{ frames: [1, 20], at: 40, value: 0.8 }],
  });
  assert.deepEqual(inferOnsets(onset, note), Float64Array.from(onset));
});

test('an onset is never lowered, and a steady sound changes nothing', () => {
  const { onset, note } = posteriorsOf(40, {
    onset: [{ frames: [10, 11], at: 40, value: 0.9 }],
    note: [
      { frames: [10, 20], at: 40, value: 0.1 },
      { frames: [10, 20], at: 60, value: 0.8 },
    ],
  });
  assert.equal(inferOnsets(onset, note)[10 * PITCHES + 40], Math.fround(0.9));
  const steady = posteriorsOf(40, { note: [{ frames: [0, 40], at: 40, value: 0.8 }] });
  assert.deepEqual(inferOnsets(onset, steady.note), Float64Array.from(onset));
});
