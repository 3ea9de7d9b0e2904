import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameWords, wordAgreement } from './word-score.ts';

test('words are the same in their order, each once', () => {
  assert.deepEqual(sameWords(['a', 'b', 'c', 'b'], ['b', 'c', 'd', 'b']), [
    [1, 0],
    [2, 1],
    [3, 3],
  ]);
  assert.deepEqual(sameWords(['a', 'b'], ['b', 'a']).length, 1);
});

test('agreement is 1 for the same words and less for each that is more, less or another', () => {
  assert.equal(wordAgreement(['a', 'b'], ['a', 'b']), 1);
  assert.equal(wordAgreement([], []), 1);
  assert.equal(wordAgreement(['a', 'b', 'c'], ['a', 'x', 'c']), 2 / 3);
  assert.equal(wordAgreement(['a'], []), 0);
  assert.equal(wordAgreement(['a', 'b', 'c'], ['a']), 0.5);
});
