import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutLoops } from './cut-loops.ts';
import { timeWord } from './heard-word.ts';
import type { HeardWord } from './heard-word.ts';
import { makeLines } from './lyric-lines.ts';

const span = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });
const VOICE = [span(1, 2), span(3, 4)];

function assertSpan(found: ReturnType<typeof timeWord>, startSeconds: number, endSeconds: number): void {
  assert.ok(found !== null);
  assert.ok(Math.abs(found.startSeconds - startSeconds) < 1e-9, `starts at ${found.startSeconds}`);
  assert.ok(Math.abs(found.endSeconds - endSeconds) < 1e-9, `ends at ${found.endSeconds}`);
}

void test('a word begins a tenth of a second before the decoder looks for it, and not before the voice', () => {
  assertSpan(timeWord(span(1.4, 1.8), VOICE), 1.3, 1.7);
  assertSpan(timeWord(span(0.2, 1.5), VOICE), 1, 1.4);
  assertSpan(timeWord(span(0, 0.05), [span(0, 1)]), 0, 0.02);
});

void test('a pause belongs to no word: it ends the one before, or the one after begins with the voice', () => {
  assertSpan(timeWord(span(1.6, 3.1), VOICE), 1.5, 2);
  // What is left of the word before is shorter than a word.
  assertSpan(timeWord(span(2.05, 3.6), VOICE), 3, 3.5);
});

void test('a word far from any voice is none', () => {
  assert.equal(timeWord(span(6, 7), VOICE), null);
  assertSpan(timeWord(span(2.2, 2.4), VOICE), 2.1, 2.3);
});

const sung = (text: string, startSeconds: number, endSeconds: number, beginsPhrase = false): HeardWord => ({
  text,
  startSeconds,
  endSeconds,
  confidence: 0.5,
  beginsPhrase,
});

void test('what is repeated faster than anybody sings is said once; a chorus stays', () => {
  const fast = Array.from({ length: 12 }, (_, index) =>
    sung(index % 2 === 0 ? 'Go,' : 'on', 1 + 0.02 * index, 1.02 + 0.02 * index),
  );
  assert.deepEqual(
    cutLoops([sung('So', 0, 1), ...fast, sung('then', 2, 3)]).map(({ text }) => text),
    ['So', 'Go,', 'on', 'then'],
  );
  const chorus = Array.from({ length: 12 }, (_, index) => sung('la', index / 4, index / 4 + 0.2));
  assert.equal(cutLoops(chorus).length, 12);
});

void test('lines end where phrases and breaths do, and a long one at its longest pause', () => {
  const words = [sung('a', 0, 1, true), sung('b', 1, 2), sung('c', 3.5, 4), sung('d', 4, 5, true)];
  const texts = (input: readonly HeardWord[]): string[] =>
    makeLines(input).map((line) => line.words.map(({ text }) => text).join(' '));
  assert.deepEqual(texts(words), ['a b', 'c', 'd']);
  const long = Array.from({ length: 14 }, (_, index) =>
    sung(String(index), index + (index === 6 ? 0.3 : 0), index + 0.9),
  );
  assert.deepEqual(texts(long), ['0 1 2 3 4 5', '6 7 8 9 10 11 12 13']);
  assert.deepEqual(Object.keys(makeLines(words)[0]!.words[0]!).sort(), [
    'confidence',
    'endSeconds',
    'startSeconds',
    'text',
  ]);
});
