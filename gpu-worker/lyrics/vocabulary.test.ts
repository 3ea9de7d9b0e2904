import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readVocabulary } from './vocabulary.ts';
import { smallVocabularyText } from './vocabulary.test-kit.ts';

const vocabulary = readVocabulary(smallVocabularyText());

void test('text of every kind comes back from its tokens, byte for byte', () => {
  for (const text of [
    'hello world',
    "I don't, you'll  see\n\n",
    'café — 42 ♪',
    '日本語 🎸',
    '\u{0}\t\u{7f}\u{ad}',
    '',
  ]) {
    assert.equal(vocabulary.decode(vocabulary.encode(text)), text);
  }
});

void test('the merges that come first in the vocabulary are made first, and none across pieces', () => {
  const names = smallVocabularyText().split('\n');
  const written = (text: string): string[] => vocabulary.encode(text).map((token) => names[token]!);
  assert.deepEqual(written('hello world'), ['hello', 'Ġworld']);
  assert.deepEqual(written('hellor'), ['hello', 'r']);
  assert.deepEqual(written('shell'), ['s', 'hell']);
  assert.deepEqual(written("l'll"), ['l', "'", 'll']);
});

void test('signs have no text, and a vocabulary without one is refused', () => {
  assert.equal(vocabulary.decode([vocabulary.endOfText, vocabulary.firstTimestamp, ...vocabulary.encode('a')]), 'a');
  assert.equal(vocabulary.size - vocabulary.firstTimestamp, 1501);
  const text = smallVocabularyText().replace('<|nocaptions|>\n', '');
  assert.throws(() => readVocabulary(text), /<\|nocaptions\|>/);
});

void test('annotations are suppressed by their first token, and brackets and quotes by themselves, but no comma or letter', () => {
  const note = vocabulary.encode(' ♪')[0]!;
  for (const token of [note, vocabulary.encode('[')[0]!, vocabulary.encode('"')[0]!, vocabulary.startOfTranscript]) {
    assert.ok(vocabulary.suppressed.includes(token));
  }
  for (const text of [',', '.', '?', 'a', "'", '-']) {
    assert.ok(!vocabulary.suppressed.includes(vocabulary.encode(text)[0]!), text);
  }
});
