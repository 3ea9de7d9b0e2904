import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitWords } from './split-words.ts';

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  ['   ', []],
  ['/split song.mp3', ['/split', 'song.mp3']],
  ["'/home/me/My Song.mp3' ", ['/home/me/My Song.mp3']],
  ['/home/me/My\\ Song.mp3', ['/home/me/My Song.mp3']],
  ['"a \\" b" c', ['a " b', 'c']],
  ["'a\\b'", ['a\\b']],
  ['"" x', ['', 'x']],
  ['"never closed', ['never closed']],
  ['$(id) `id` ; rm *', ['$(id)', '`id`', ';', 'rm', '*']],
];

for (const [line, words] of CASES) {
  test(`splits ${JSON.stringify(line)}`, () => {
    assert.deepEqual(splitWords(line), words);
  });
}
