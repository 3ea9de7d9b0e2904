import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { separateWords } from './separate-words.ts';

const span = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });

void test('words with times of their own keep them', () => {
  const words = [span(0, 0.28), span(0.28, 0.5), span(0.9, 1.2), span(1.2, 9)];
  assert.deepEqual(separateWords(words, 10), words);
});

void test('a word ends when the next begins, and those that begin together share the time of both', () => {
  assert.deepEqual(separateWords([span(1, 3), span(2, 2.5)], 10), [span(1, 2), span(2, 2.5)]);
  assert.deepEqual(separateWords([span(1, 1.02), span(1, 1.5), span(2, 3)], 10), [
    span(1, 1.25),
    span(1.25, 1.5),
    span(2, 3),
  ]);
});

void test('a word that would go back follows the one before it; the last one ends with the song', () => {
  const words = separateWords([span(5, 6), span(4, 4.5), span(9.99, 12)], 10);
  assert.deepEqual(
    words.map(({ startSeconds }) => startSeconds),
    [5, 5.5, 9.98],
  );
  assert.equal(words.at(-1)?.endSeconds, 10);
});

void test('whatever times they had, all words have a length, follow each other and are in the song', () => {
  const time = fc.double({ min: 0, max: 12, noNaN: true });
  const words = fc.array(
    fc.tuple(time, time).map(([start, length]) => span(start, start + length / 8)),
    { maxLength: 40 },
  );
  const alike = fc.tuple(time, fc.integer({ min: 1, max: 900 })).map(([at, count]) => Array<typeof at>(count).fill(at));
  const songs = fc.oneof(
    words,
    alike.map((starts) => starts.map((at) => span(at, at))),
  );
  fc.assert(
    fc.property(songs, (song) => {
      const separate = separateWords(song, 10);
      assert.equal(separate.length, song.length);
      for (const [index, { startSeconds, endSeconds }] of separate.entries()) {
        assert.ok(endSeconds - startSeconds >= 0.01, `${startSeconds} to ${endSeconds}`);
        assert.ok(startSeconds >= 0 && endSeconds <= 10 + 1e-9);
        assert.ok(endSeconds <= (separate[index + 1]?.startSeconds ?? 10 + 1e-9));
      }
    }),
    { seed: 1 },
  );
});
