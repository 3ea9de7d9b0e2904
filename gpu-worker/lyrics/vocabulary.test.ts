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

/** As its publisher writes it. */
function tokenizer(names: readonly string[]): string {
  const isSign = (name: string): boolean => /^<\|.*\|>$/.test(name);
  const numbered = names.map((name, number) => [name, number] as const);
  return JSON.stringify({
    model: { vocab: Object.fromEntries(numbered.filter(([name]) => !isSign(name))) },
    added_tokens: numbered.filter(([name]) => isSign(name)).map(([content, id]) => ({ id, content })),
  });
}

void test('a tokenizer.json is the same vocabulary, with the timestamps that it may leave out', () => {
  const names = smallVocabularyText().trimEnd().split('\n');
  const young = names.map((name) => (name === '<|nocaptions|>' ? '<|nospeech|>' : name));
  for (const written of [names, young, young.slice(0, vocabulary.firstTimestamp)]) {
    const found = readVocabulary(tokenizer(written));
    assert.deepEqual(found.encode('hello world'), vocabulary.encode('hello world'));
    assert.deepEqual(
      [found.size, found.noSpeech, found.firstTimestamp, found.languages.size],
      [vocabulary.size, vocabulary.noSpeech, vocabulary.firstTimestamp, 0],
    );
  }
  assert.throws(() => readVocabulary(tokenizer(names.filter((name) => name !== '<|transcribe|>'))), /transcribe/);
  assert.throws(() => readVocabulary('{}'));
});

void test('a network of many languages knows their signs', () => {
  const names = smallVocabularyText().trimEnd().split('\n');
  const start = names.indexOf('<|startoftranscript|>') + 1;
  const many = names.toSpliced(start, 0, '<|en|>', '<|de|>', '<|haw|>');
  assert.equal(readVocabulary(many.join('\n')).languages.size, 0);
  const merges = Array.from({ length: 51_865 - many.length }, (_, number) => `merge${String(number)}`);
  const { languages } = readVocabulary(many.toSpliced(260, 0, ...merges).join('\n'));
  assert.deepEqual(
    [...languages].map(([code, token]) => [code, token - merges.length]),
    [
      ['en', start],
      ['de', start + 1],
      ['haw', start + 2],
    ],
  );
});
