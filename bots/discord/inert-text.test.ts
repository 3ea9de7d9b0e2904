/** Whatever a person called a song, as Discord's clients read it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mentionsIn, readMarkdown } from '../../tools/emulators/discord/markdown.ts';
import { codeText, inertText } from './inert-text.ts';

const RUNS = { numRuns: 5000 };
const ALIVE = [
  '@everyone',
  '@here',
  '<@190000000000000001>',
  '<@&390000000000000001>',
  '<#490000000000000001>',
  '<:smile:1>',
  '<t:0:R>',
  '</split:1>',
  'https://example.org/a_b',
  '[x](https://example.org)',
  '<https://example.org>',
  '**bold**',
  '__it__',
  '||no||',
  '`code`',
  '```',
  '> quote',
  '# title',
  '- item',
  '\\',
];
const titles = fc
  .array(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom(...ALIVE)), { maxLength: 5 })
  .chain((pieces) => fc.constantFrom('', ' ').map((between) => pieces.join(between)));
const nobody = { person: () => null, role: () => null, channel: () => null };

/** What is left when invisible characters, which break mark-up, and blanks do not count. */
function letters(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cf}\p{Cc}\s\u2028\u2029]/gu, '');
}

test('a title calls nobody, leads nowhere and is its own letters', () => {
  fc.assert(
    fc.property(titles, (title) => {
      const written = inertText(title);
      assert.deepEqual(mentionsIn(written), { people: [], roles: [], everyone: false });
      const { text, links } = readMarkdown(written, nobody);
      assert.deepEqual(links, []);
      assert.doesNotMatch(text, /https?:\/\//u);
      assert.equal(letters(text), letters(title));
    }),
    RUNS,
  );
});

test('nothing gets out of a code block', () => {
  fc.assert(
    fc.property(titles, (title) => {
      assert.doesNotMatch(codeText(title), /`/u);
    }),
    RUNS,
  );
});
