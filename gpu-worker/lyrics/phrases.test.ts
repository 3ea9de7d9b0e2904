import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutPhrases, trustPhrase } from './phrases.ts';

const FIRST = 100;
const at = (seconds: number): number => FIRST + Math.round(seconds / 0.02);

void test('a text is cut between its pairs of timestamps; what had begun is heard again in the next window', () => {
  const { phrases, doneSeconds, isDone } = cutPhrases([at(0), 1, 2, at(2), at(2.5), 3, at(4), at(4), 4, 5], FIRST, 30);
  assert.deepEqual(
    phrases.map(({ startSeconds, endSeconds, tokens }) => [startSeconds, endSeconds, tokens.length]),
    [
      [0, 2, 4],
      [2.5, 4, 3],
    ],
  );
  assert.deepEqual([doneSeconds, isDone], [4, false]);
});

void test('a single timestamp at the end says that nothing follows in this window', () => {
  const window = cutPhrases([at(0), 1, at(2), at(3), 2, at(5)], FIRST, 30);
  assert.equal(window.phrases.length, 2);
  assert.deepEqual([window.phrases[1]!.endSeconds, window.doneSeconds, window.isDone], [5, 30, true]);
});

void test('a text without pairs is one phrase, to its last timestamp or to the end of the window', () => {
  assert.deepEqual(cutPhrases([at(0), 1, at(7)], FIRST, 12), {
    phrases: [{ startSeconds: 0, endSeconds: 7, tokens: [at(0), 1, at(7)] }],
    doneSeconds: 12,
    isDone: true,
  });
  assert.equal(cutPhrases([at(0), 1, 2], FIRST, 12).phrases[0]!.endSeconds, 12);
  assert.equal(cutPhrases([], FIRST, 12).doneSeconds, 12);
});

void test("a phrase's timestamps end its first and last word where the decoder looked for them for too long", () => {
  const span = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });
  const phrase = { ...span(2, 6), tokens: [] };
  assert.deepEqual(trustPhrase(phrase, [span(0, 2.5), span(2.5, 5), span(5, 9)]), [
    span(2, 2.5),
    span(2.5, 5),
    span(5, 6),
  ]);
  const near = [span(1.6, 3), span(3, 6.4)];
  assert.deepEqual(trustPhrase(phrase, near), near);
  const elsewhere = [span(0, 1), span(7, 8)];
  assert.deepEqual(trustPhrase(phrase, elsewhere), elsewhere);
});
