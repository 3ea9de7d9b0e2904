import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { WindowSpan } from '../models/separator.ts';
import { chunkWindowsFor, describeGrid, planChunks } from './chunk-plan.ts';

function grid(count: number, length: number, hop: number, first = 0): WindowSpan[] {
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * hop;
    return { inputStart: start, inputEnd: start + length, outputStart: start, outputEnd: start + length };
  });
}

test('counts windows, their hop and how many overlap', () => {
  assert.deepEqual(describeGrid(grid(4, 100, 100), 400), { windowCount: 4, hopSamples: 100, maxOverlap: 1 });
  assert.deepEqual(describeGrid(grid(8, 100, 25, -75), 150), { windowCount: 8, hopSamples: 25, maxOverlap: 4 });
  assert.deepEqual(describeGrid(grid(1, 100, 1), 60), { windowCount: 1, hopSamples: 60, maxOverlap: 1 });
});

test('refuses windows that leave samples out or are out of order', () => {
  assert.throws(() => describeGrid(grid(4, 100, 101), 400), /no window covers samples 100 to 101/u);
  assert.throws(() => describeGrid(grid(4, 100, 100), 401), /no window covers samples 400 to 401/u);
  assert.throws(() => describeGrid(grid(1, 100, 1, 5), 50), /no window covers samples 0 to 5/u);
  assert.throws(() => describeGrid(grid(4, 100, 100).toReversed(), 400), RangeError);
});

test('a chunk stands for about the wished time, and less where lanes would wait for the last one', () => {
  const windowsOf = (hopSeconds: number, windowCount = 999, lanes = 2): number =>
    chunkWindowsFor(
      { windowCount, hopSamples: hopSeconds * 44_100, maxOverlap: 1 },
      { rateHz: 44_100, chunkSeconds: 11, lanes },
    );
  assert.deepEqual(
    [11.9, 2.95, 60, 0.1].map((hop) => windowsOf(hop)),
    [1, 4, 1, 16],
  );
  assert.equal(windowsOf(2.95, 24), 3);
  assert.equal(windowsOf(2.95, 24, 1), 4);
  assert.equal(windowsOf(2.95, 3), 1);
});

test('every window is in exactly one chunk, whatever an earlier attempt left', () => {
  const range = fc.record({ first: fc.nat(30), last: fc.nat(30) });
  fc.assert(
    fc.property(fc.nat(25), fc.integer({ min: 1, max: 7 }), fc.array(range), (windowCount, chunkWindows, stored) => {
      const { kept, missing } = planChunks(windowCount, chunkWindows, stored);
      for (const chunk of kept) assert.ok(stored.includes(chunk));
      for (const { first, last } of missing) assert.ok(last - first < chunkWindows);
      const windows = [...kept, ...missing]
        .flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
        .toSorted((a, b) => a - b);
      assert.deepEqual(
        windows,
        Array.from({ length: windowCount }, (_, index) => index),
      );
    }),
  );
});

test('keeps all stored chunks of the same size', () => {
  const stored = [
    { first: 3, last: 5 },
    { first: 9, last: 9 },
  ];
  assert.deepEqual(planChunks(10, 3, stored), {
    kept: stored,
    missing: [
      { first: 0, last: 2 },
      { first: 6, last: 8 },
    ],
  });
});
