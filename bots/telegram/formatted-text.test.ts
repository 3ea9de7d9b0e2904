import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inertText, writeText } from './formatted-text.ts';

/** What Telegram's clients make links or pings of when they show plain text. */
const ALIVE = [
  /(?<![\p{L}\p{N}_])@[a-z]\w{2,}/iu,
  /#[\p{L}\p{N}_]+/u,
  /\$[A-Z]{1,8}\b/u,
  /(?<![\p{L}\p{N}_/])\/[a-z]\w*/iu,
  /[a-z0-9-]+\.[a-z]{2,}/iu,
  /[a-z]+:\/\//iu,
  /\d{5,}/u,
];

const TITLES = [
  '@everyone',
  'hey @anna_band!',
  '#1 hit',
  '$SONG',
  '/start',
  'https://example.org/a?b=c',
  'example.org',
  'me@example.org',
  'tg://resolve?domain=x',
  't.me/joinchat',
  '+49 170 1234567',
];

for (const title of TITLES) {
  test(`nothing in ${JSON.stringify(title)} can be tapped`, () => {
    const shown = inertText(title);
    for (const pattern of ALIVE) assert.doesNotMatch(shown, pattern);
    assert.equal(shown.replaceAll('\u2060', ''), title, 'a person reads the same');
  });
}

test('whatever a title is, it comes to life nowhere', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom(...TITLES), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
      const shown = inertText(pieces.join(' '));
      for (const pattern of ALIVE) assert.doesNotMatch(shown, pattern);
    }),
    { numRuns: 5000 },
  );
});

test('entities count in UTF-16 units, and lie where their text is', () => {
  const { text, entities } = writeText()
    .plain('🎸 ')
    .bold((bold) => void bold.inert('Süße 🎶'))
    .plain('\n')
    .table('a  b')
    .end(100);
  assert.equal(text, '🎸 Süße 🎶\na  b');
  assert.deepEqual(
    entities.map(({ type, offset, length }) => [type, text.slice(offset, offset + length)]),
    [
      ['bold', 'Süße 🎶'],
      ['pre', 'a  b'],
    ],
  );
});

test('a text that is too long is cut between characters, its entities with it, and none of them is empty', () => {
  const written = writeText()
    .bold((bold) => void bold.inert('ab🎸'))
    .table('xyz')
    .plain('');
  assert.deepEqual(written.end(3), { text: 'ab', entities: [{ type: 'bold', offset: 0, length: 2 }] });
});
