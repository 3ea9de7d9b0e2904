/** Whatever a person called a song, in the ways in which Slack reads it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode } from '../../tools/emulators/slack/mrkdwn.ts';
import { codeText, inertPlain, inertText } from './inert-text.ts';

const RUNS = { numRuns: 5000 };
const ALIVE = [
  '<!channel>',
  '<@U0ADAKEYS1>',
  '<https://example.org|x>',
  '<#C0REHEARS1>',
  '&lt;!channel&gt;',
  ':smile:',
  '*bold*',
  '_it_',
  '~no~',
  '`code`',
  '```',
  '&amp;',
  '@channel',
];
const titles = fc
  .array(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom(...ALIVE)), { maxLength: 5 })
  .chain((pieces) => fc.constantFrom('', ' ').map((between) => pieces.join(between)));

/** What is left when invisible characters, which break mark-up, and blanks do not count. */
function letters(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cf}\p{Cc}\s\u2028\u2029]/gu, '');
}

test('a message’s own text holds nothing in angle brackets, no emoji, no mark-up, and the title’s letters', () => {
  fc.assert(
    fc.property(titles, (title) => {
      const written = inertText(title);
      assert.doesNotMatch(written, /[<>]|&(?!(?:amp|lt|gt);)/u);
      assert.doesNotMatch(written, /:[\p{L}\p{N}_+-]+:/u);
      assert.doesNotMatch(written, /(?<!\u2060)[*_~`]|[*_~`](?!\u2060)/u);
      assert.equal(letters(decode(written)), letters(title));
    }),
    RUNS,
  );
});

test('plain text has no emoji and no entity that Slack would decode, and the title’s letters', () => {
  fc.assert(
    fc.property(titles, (title) => {
      const written = inertPlain(title);
      assert.doesNotMatch(written, /:[\p{L}\p{N}_+-]+:|&(?:amp|lt|gt);/u);
      assert.equal(letters(written), letters(title));
    }),
    RUNS,
  );
});

test('nothing gets out of a code block', () => {
  fc.assert(
    fc.property(titles, (title) => {
      assert.doesNotMatch(codeText(title), /[`<>]/u);
    }),
    RUNS,
  );
});
