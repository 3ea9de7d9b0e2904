import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readVocabulary } from './vocabulary.ts';
import { smallVocabularyText } from './vocabulary.test-kit.ts';
import { gatherWords } from './words.ts';

const vocabulary = readVocabulary(smallVocabularyText());
const words = (text: string): string[] => gatherWords(vocabulary.encode(text), vocabulary).map((word) => word.text);

void test('tokens become words, each with the punctuation at its side', () => {
  assert.deepEqual(words(' hello, world!'), [' hello,', ' world!']);
  assert.deepEqual(words(' say (hello) world...'), [' say', ' (hello)', ' world...']);
  assert.deepEqual(words(" don't stop"), [" don't", ' stop']);
  assert.deepEqual(words('hello'), ['hello']);
  assert.deepEqual(words(''), []);
});

void test('a character of several tokens is not torn apart, and every token is in one word', () => {
  const tokens = vocabulary.encode(' café ♪ 日本 go');
  const found = gatherWords(tokens, vocabulary);
  assert.ok(found.every(({ text }) => !text.includes('\u{fffd}')));
  assert.deepEqual(
    found.map(({ from }) => from),
    [0, ...found.slice(0, -1).map(({ to }) => to)],
  );
  assert.equal(found.at(-1)!.to, tokens.length);
});
