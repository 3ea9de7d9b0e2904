import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinPhrases } from './join-phrases.ts';

function join(kinds: string): string {
  const phrases = [...kinds].map((kind, n) => ({ from: 4 * n, to: 4 * (n + 1), kind: kind.codePointAt(0)! }));
  return joinPhrases(phrases)
    .map(({ from, to, letter }) => `${letter}${String((to - from) / 4)}`)
    .join(' ');
}

for (const [kinds, sections] of [
  ['aabbaabb', 'A2 B2 A2 B2'],
  ['xabyabzab', 'A1 B2 C1 B2 D1 B2'],
  ['abab', 'A1 B1 A1 B1'],
  ['a', 'A1'],
  ['', ''],
  ['abcabc', 'A2 B1 A2 B1'],
  ['abac', 'A1 B1 A1 C1'],
] as const) {
  test(`phrases ${kinds || 'of nothing'} make sections ${sections || 'of nothing'}`, () => {
    assert.equal(join(kinds), sections);
  });
}
