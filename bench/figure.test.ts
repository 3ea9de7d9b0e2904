import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparedFigure, figureTable, median, ownFigure } from './figure.ts';

test('the median of an even number lies between the middle two', () => {
  assert.equal(median([9, 1, 3]), 3);
  assert.equal(median([10, 1, 3, 2]), 2.5);
  assert.throws(() => median([]), RangeError);
});

test('a figure stands beside its peer, and alone where the peer could not be run', () => {
  const compared = comparedFigure('separation.time', 's', 1.5, 'spleeter', 6);
  assert.deepEqual(compared, {
    name: 'separation.time',
    value: 1.5,
    unit: 's',
    peer: 'spleeter',
    peerValue: 6,
    ratio: 0.25,
  });
  const alone = comparedFigure('separation.time', 's', 1.5, 'spleeter', null);
  assert.deepEqual([alone.peer, alone.peerValue, alone.ratio], ['spleeter', null, null]);
  assert.equal(ownFigure('request.time', 's', 5).peer, null);
});

test('the table shows what is there', () => {
  const table = figureTable([
    comparedFigure('separation.memory', 'MB', 1000, 'spleeter', 4000),
    ownFigure('request.time', 's', 5),
    comparedFigure('analysis.beats', 'share', 0.9712, 'librosa', 0.8),
  ]);
  assert.match(table, /\| separation\.memory \| 1000 MB \| spleeter: 4000 MB \| 0\.25 \|/u);
  assert.match(table, /\| analysis\.beats \| 0\.971 share \| librosa: 0\.800 share \| 1\.21 \|/u);
  assert.match(table, /\| request\.time \| 5\.00 s \| {2}\| {2}\|/u);
});
