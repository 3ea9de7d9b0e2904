import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FingeredStroke } from './fingered-stroke.ts';
import { HANDS } from './hand.ts';
import { playability } from './playability.ts';
import { heard } from './random-songs.test-kit.ts';
import type { ScoreBar } from './tab-score.ts';

const BARS: readonly ScoreBar[] = [0, 48].map((startTick) => ({
  number: 1 + startTick / 48,
  startTick,
  ticks: 48,
  beatsPerBar: 4,
  beatUnit: 4,
  pickup: false,
  beats: [],
}));

function stroke(
  startTick: number,
  position: number,
  places: readonly (readonly [number, number, number])[],
): FingeredStroke {
  return {
    startTick,
    position,
    notes: places.map(([string, fret, endTick]) => ({ string, fret, endTick, note: heard(startTick / 24, 60) })),
  };
}

test('measures stretch over what rings, and counts moves of the hand', () => {
  const strokes = [
    stroke(0, 3, [[6, 3, 24]]),
    stroke(12, 3, [[1, 6, 24]]),
    stroke(24, 4, [[1, 7, 36]]),
    stroke(48, 9, [[1, 10, 60]]),
    stroke(72, 2, [[1, 2, 84]]),
  ];
  const { largestStretchFrets, shiftsPerBar, impossibleBars } = playability(strokes, BARS, [], HANDS.full, 0);
  assert.equal(largestStretchFrets, 3);
  assert.equal(shiftsPerBar, 1, 'two in two bars: a fret is none');
  assert.equal(impossibleBars, 0);
});

for (const [why, second] of [
  ['one string cannot sound twice', [6, 5, 84]],
  ['eight frets are too wide', [1, 11, 84]],
] as const) {
  test(`a bar is impossible where ${why}`, () => {
    const strokes = [stroke(48, 3, [[6, 3, 72]]), stroke(60, 3, [second])];
    assert.equal(playability(strokes, BARS, [], HANDS.full, 0).impossibleBars, 1);
  });
}
