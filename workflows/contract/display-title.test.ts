import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayTitle, LONGEST_TITLE, titleFromFileName } from './display-title.ts';

const titles: readonly (readonly [name: string, raw: string, shown: string])[] = [
  ['a plain title', 'Blue Monday', 'Blue Monday'],
  ['NUL and control characters', 'a\u0000b\u0007c', 'abc'],
  ['line breaks become one space', 'a\r\n\tb\u2028c', 'a b c'],
  ['a right-to-left override', 'evil\u202Egnp.mp3', 'evilgnp.mp3'],
  ['isolates and zero-width characters', '\u2066a\u2069\u200Bb\uFEFF', 'ab'],
  ['mark-up stays as text', '<!channel> @everyone *x*', '<!channel> @everyone *x*'],
  ['letters and emoji of the world', 'Žluťoučký 🎸 曲', 'Žluťoučký 🎸 曲'],
  ['a lone surrogate', 'a\uD800b', 'ab'],
  ['nothing', '', 'untitled'],
  ['only invisible characters', '\u0000\u200B \n', 'untitled'],
];

for (const [name, raw, shown] of titles) {
  test(`shows ${name} safely`, () => {
    assert.equal(displayTitle(raw), shown);
  });
}

test('cuts at 80 characters without splitting an emoji', () => {
  const shown = displayTitle('🎸'.repeat(100_000));
  assert.equal([...shown].length, LONGEST_TITLE);
  assert.equal(shown, `${'🎸'.repeat(LONGEST_TITLE - 1)}…`);
  assert.equal(displayTitle('x'.repeat(LONGEST_TITLE)), 'x'.repeat(LONGEST_TITLE));
});

test('limits stacked combining marks', () => {
  assert.equal(displayTitle(`a${'\u0336'.repeat(50)}b`), `a${'\u0336'.repeat(3)}b`);
});

test('takes the last part of a path as the title', () => {
  assert.equal(titleFromFileName('../../My Song.flac'), 'My Song');
  assert.equal(titleFromFileName(String.raw`C:\music\take 2.wav`), 'take 2');
  assert.equal(titleFromFileName('/'), 'untitled');
  assert.equal(titleFromFileName('.mp3'), '.mp3');
  assert.equal(titleFromFileName('Op. 9 No. 2'), 'Op. 9 No. 2');
});

test('gives the same title again when applied twice', () => {
  for (const [, raw] of titles) assert.equal(displayTitle(displayTitle(raw)), displayTitle(raw));
});
