import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beatChunks, BORDER_FRAMES, CHUNK_FRAMES, frameCount } from './beat-grid.ts';

void test('a frame is centred on every 441st sample; less than half a frame is none', () => {
  assert.deepEqual(
    [0, 512, 513, 881, 882, 22_050, 180 * 22_050].map((samples) => frameCount(samples)),
    [0, 0, 2, 2, 3, 51, 9001],
  );
});

void test('a short song is one chunk with a border, a longer one is whole chunks of which the last reaches back', () => {
  const starts = (frames: number): readonly number[] => beatChunks(frames).map(({ start }) => start);
  assert.deepEqual(starts(0), []);
  assert.deepEqual(beatChunks(100), [{ start: -6, end: 106, kept: { start: 0, end: 100 } }]);
  assert.deepEqual(starts(1488), [-6]);
  assert.deepEqual(starts(1489), [-6, -5]);
  assert.deepEqual(starts(1500), [-6, 6]);
  assert.deepEqual(starts(5000), [-6, 1482, 2970, 3506]);
});

for (const frames of [1, 12, 1487, 1488, 1489, 1500, 2976, 2977, 9001, 90_001]) {
  void test(`of a song of ${String(frames)} frames each is kept once, and never from a chunk's border`, () => {
    const chunks = beatChunks(frames);
    let done = 0;
    for (const { start, end, kept } of chunks) {
      assert.equal(kept.start, done);
      assert.ok(kept.end > kept.start);
      assert.ok(kept.start >= start + BORDER_FRAMES && kept.end <= end - BORDER_FRAMES);
      assert.equal(end - start, frames > CHUNK_FRAMES - 2 * BORDER_FRAMES ? CHUNK_FRAMES : frames + 2 * BORDER_FRAMES);
      done = kept.end;
    }
    assert.equal(done, frames);
  });
}
