import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { helpLines } from '../core/help-lines.ts';
import { SLASH_STYLE } from '../core/command-style.ts';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import { wordsOf } from '../core/words/words-of.ts';
import { inertText } from './inert-text.ts';
import { CONTENT_LIMIT, messageTexts } from './message-texts.ts';

test('what fits is one message, also where it is nothing', () => {
  assert.deepEqual(messageTexts(['a', '  b']), ['a\n  b']);
  assert.deepEqual(messageTexts([]), ['']);
  const full = ['x'.repeat(999), 'y'.repeat(1000)];
  assert.deepEqual(messageTexts(full), [full.join('\n')]);
});

test('all of the help comes, each command with its options, in every language', () => {
  for (const language of LANGUAGES) {
    const strategies = new Map([['vocals', ['vocals', 'accompaniment']]]);
    const lines = helpLines(wordsOf(language), strategies, SLASH_STYLE).map(inertText);
    const texts = messageTexts(lines);
    assert.equal(texts.join('\n'), lines.join('\n'));
    assert.ok(texts.length > 1);
    for (const text of texts) {
      assert.ok(text.length <= CONTENT_LIMIT);
      assert.doesNotMatch(text, /^ /u);
    }
  }
});

test('whatever the lines are, every letter of them comes, in messages that are not too long', () => {
  const long = fc.string({ unit: 'grapheme', maxLength: 5000 }).map(inertText);
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom('a', '  b', ''), long), { maxLength: 40 }), (lines) => {
      const texts = messageTexts(lines);
      const letters = (all: readonly string[]): string => all.join('').replaceAll(/\s/gu, '');
      assert.equal(letters(texts), letters(lines));
      for (const text of texts) {
        assert.ok(text.length <= CONTENT_LIMIT);
        assert.ok(text.isWellFormed());
      }
    }),
  );
});

test('a line that is too long is parted between signs, not between one and its backslash', () => {
  const [first, second] = messageTexts([`${'a'.repeat(CONTENT_LIMIT - 1)}\\*${'😀'.repeat(10)}`]);
  assert.equal(first, 'a'.repeat(CONTENT_LIMIT - 1));
  assert.equal(second, `\\*${'😀'.repeat(10)}`);
});
