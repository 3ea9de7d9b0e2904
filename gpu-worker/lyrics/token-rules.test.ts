import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyTokenRules, logSumExp } from './token-rules.ts';
import { readVocabulary } from './vocabulary.ts';
import { smallVocabularyText } from './vocabulary.test-kit.ts';

const vocabulary = readVocabulary(smallVocabularyText());
const { endOfText, firstTimestamp, noTimestamps, size } = vocabulary;
const WORD = vocabulary.encode('a')[0]!;
const at = (seconds: number): number => firstTimestamp + Math.round(seconds / 0.02);

/** Which tokens may follow `text`, where `likely` have a logit of 20 and all others 0. */
function allowed(text: readonly number[], likely: readonly number[] = []): Set<number> {
  const logits = new Float32Array(size);
  for (const token of likely) logits[token] = 20;
  applyTokenRules(logits, text, vocabulary);
  return new Set([...logits.keys()].filter((token) => logits[token]! > -Infinity));
}

void test('a text begins with a timestamp of its first second', () => {
  const tokens = allowed([], [WORD]);
  assert.equal(Math.min(...tokens), firstTimestamp);
  assert.equal(Math.max(...tokens), at(1));
});

void test('after the first timestamp, and after a pair of them, comes a word or the end', () => {
  for (const text of [[at(0)], [at(0), WORD, at(2), at(2)]]) {
    const tokens = allowed(text, [at(3)]);
    assert.ok(tokens.has(WORD) && tokens.has(endOfText));
    assert.ok(![...tokens].some((token) => token >= noTimestamps));
  }
});

void test('after a phrase has ended comes the beginning of the next, not before it, or the end of the text', () => {
  const tokens = allowed([at(0), WORD, at(2)], [WORD, endOfText]);
  assert.ok(tokens.has(at(2)) && tokens.has(at(3)) && tokens.has(endOfText));
  assert.ok(!tokens.has(at(1.98)) && !tokens.has(WORD));
});

void test('within a phrase time moves on; where timestamps together are likelier than any word, one comes', () => {
  const tokens = allowed([at(1), WORD], [WORD]);
  assert.ok(tokens.has(WORD) && tokens.has(at(1.02)) && !tokens.has(at(1)));
  // 1450 timestamps of a logit of 0 weigh e^7.3 in all.
  assert.ok(!allowed([at(1), WORD]).has(WORD));
  const all = new Float32Array(size);
  all[WORD] = 7.5;
  applyTokenRules(all, [at(1), WORD], vocabulary);
  assert.equal(all[WORD], 7.5);
});

void test('annotations never come', () => {
  const tokens = allowed([at(0), WORD], [WORD, vocabulary.encode('[')[0]!]);
  assert.ok(vocabulary.suppressed.every((token) => !tokens.has(token)));
});

void test('a log-sum-exp neither overflows nor is wrong for nothing', () => {
  assert.ok(Math.abs(logSumExp(Float32Array.of(1000, 1000), 0, 2) - (1000 + Math.LN2)) < 1e-4);
  assert.equal(logSumExp(Float32Array.of(-Infinity), 0, 1), -Infinity);
});
