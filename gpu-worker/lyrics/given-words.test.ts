import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGivenLines } from './given-lines.ts';
import { matchWords } from './match-words.ts';
import { placeWords } from './place-words.ts';

void test('pasted text is read as lines of words, without what is not sung', () => {
  assert.deepEqual(readGivenLines('[Chorus]\r\n Hello,  world — yes \n\n[00:12.30]<00:12.30>oh (no)\n—\n- wait'), [
    ['Hello,', 'world —', 'yes'],
    ['oh', '(no)'],
    ['- wait'],
  ]);
  assert.deepEqual(readGivenLines(' \n[intro]\n'), []);
});

void test('given words find themselves among heard ones, over mistakes, gaps and repeats', () => {
  const words = (text: string): string[] => text.split(' ');
  assert.deepEqual(matchWords(words('Love is a river'), words('love in the river')), [0, null, null, 3]);
  assert.deepEqual(matchWords(words('one two three'), words('one three')), [0, null, 1]);
  assert.deepEqual(matchWords(words('two'), words('one two three')), [1]);
  assert.deepEqual(matchWords(words('morning comes'), words('mornin comes')), [0, 1]);
  assert.deepEqual(matchWords(words('la la sun la la'), words('la la sun la la')), [0, 1, 2, 3, 4]);
  assert.deepEqual(matchWords(words('a b'), []), [null, null]);
});

void test('words that were not heard share the voice between those that were, by their letters', () => {
  const span = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });
  const voice = [span(1, 3), span(5, 10)];
  assert.deepEqual(placeWords([2, 2, 4, 1], [span(1, 2), null, null, span(8, 9)], voice), [
    span(1, 2),
    span(2, 5 + 1 / 3),
    span(5 + 1 / 3, 8),
    span(8, 9),
  ]);
  assert.deepEqual(placeWords([1, 1], [null, null], [span(0, 1), span(9, 10)]), [span(0, 1), span(1, 10)]);
});
