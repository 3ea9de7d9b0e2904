import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { BEAT_FRAMES_PER_SECOND } from './beat-grid.ts';
import { nearest, pickBeats } from './pick-beats.ts';

interface Row {
  /** Logits, one a frame. */
  readonly beat: readonly number[];
  readonly downbeat: readonly number[];
  /** Seconds. */
  readonly beats: readonly number[];
  readonly downbeats: readonly number[];
}

const rows = JSON.parse(await readFile(join(import.meta.dirname, 'testdata', 'picked.json'), 'utf8')) as readonly Row[];

for (const [index, { beat, downbeat, beats, downbeats }] of rows.entries()) {
  void test(`beats and downbeats are picked as Beat This picks them, case ${String(index)}`, () => {
    const found = pickBeats({
      framesPerSecond: BEAT_FRAMES_PER_SECOND,
      beats: Float32Array.from(beat),
      downbeats: Float32Array.from(downbeat),
    });
    assert.deepEqual(found, { beatsSeconds: beats, downbeatsSeconds: downbeats });
  });
}

void test('the nearest of two that are as near is the first', () => {
  assert.deepEqual(
    [-5, 0, 1, 1.5, 1.6, 4, 9].map((wanted) => nearest([0, 1, 2, 6], wanted)),
    [0, 0, 1, 1, 2, 2, 3],
  );
});
