import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EDGE_FRAMES,
  frameCount,
  frameSeconds,
  KEPT_FRAMES,
  NOTE_RATE_HZ,
  WINDOW_SAMPLES,
  windowCount,
  windowStart,
} from './note-grid.ts';

test('a recording of 200,607 samples is 787 frames in six windows', () => {
  assert.equal(frameCount(200_607), 787);
  assert.equal(windowCount(200_607), 6);
});

test('windows reach over every frame that is kept of them', () => {
  for (const samples of [0, 1, 254, 255, 36_164, 36_165, 200_607, 3_969_000]) {
    const windows = windowCount(samples);
    assert.ok(windows * KEPT_FRAMES >= frameCount(samples));
    assert.ok((windows - 1) * KEPT_FRAMES < Math.max(1, frameCount(samples)));
    if (windows > 0) assert.ok(windowStart(windows - 1) < samples);
  }
  assert.equal(frameCount(254), 0);
  assert.equal(frameCount(255), 1);
  // The first kept frame of a window lies where the last kept one of the window before it has ended.
  assert.equal(windowStart(0) + EDGE_FRAMES * 256, 0);
  assert.equal(windowStart(7) + WINDOW_SAMPLES - 2 * EDGE_FRAMES * 256, windowStart(8));
});

test('frames are told at their time in the song, an hour in as at its start', () => {
  let before = -1;
  for (let frame = 0; frame < 311_000; frame++) {
    const seconds = frameSeconds(frame);
    const wanted = ((frame / KEPT_FRAMES) * (windowStart(1) - windowStart(0))) / NOTE_RATE_HZ;
    assert.ok(seconds > before);
    assert.ok(
      Math.abs(seconds - wanted) < 0.013,
      `frame ${String(frame)}: ${String(seconds)} s, at ${String(wanted)} s`,
    );
    before = seconds;
  }
});
