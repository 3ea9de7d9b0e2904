import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import type { PortBench, SeenPost } from './chat-port.test-kit.ts';
import { exampleCard } from './port-example.test-kit.ts';

/** Texts that a musician, a tag or a link may carry. No port may pass on what they would do. */
const HOSTILE_TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['terminal commands', '\u001b[2J\u001b]0;owned\u0007\u009b31mred'],
  ['line breaks', 'one\r\ntwo\u2028three'],
  ['a right-to-left override', 'evil\u202egnp.mp3'],
  ['zero bytes and lone surrogates', 'a\u0000b\ud800c'],
  ['mark-up and mentions', '<!channel> @everyone *bold* `code` [x](https://example.org) <b>'],
  ['10 kB of letters', 'x'.repeat(10_000)],
  ['10 kB of marks', `a${'\u0336'.repeat(10_000)}`],
];

// oxlint-disable-next-line no-control-regex -- what must not be there
const COMMANDS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

const TITLES = 5000;
/** Of a card: its title, its subtitle, and lines of its log and body. */
const TITLES_PER_CARD = 8;

export function testTexts({ room }: PortBench): void {
  for (const [what, text] of HOSTILE_TEXTS) {
    test(`a card with ${what} stays one card`, async () => {
      const { port, address } = room();
      const hostile = exampleCard({ version: 1, title: text, log: [text], stage: 'separate' });
      const { messageId } = await port.postCard(address, hostile, 'nonce');
      const worse = { ...hostile, version: 2, subtitle: text, estimate: text, body: [text] };
      await port.editCard(address, messageId, worse, []);
      const messages = await room().messages();
      assert.equal(messages.length, 1);
      assert.doesNotMatch(messages.map((message) => message.text).join(''), COMMANDS);
      harmless(messages, text);
    });
  }

  test(`of ${String(TITLES)} random titles none calls anybody, leads anywhere or is anything but its own letters`, async () => {
    const { port, address } = room();
    const random = seededRandom(20_240_817);
    const first = exampleCard({ version: 1, stage: 'separate' });
    const { messageId } = await port.postCard(address, first, 'nonce');
    for (let version = 2; version < 2 + TITLES / TITLES_PER_CARD; version += 1) {
      const [title = '', subtitle = '', ...lines] = Array.from({ length: TITLES_PER_CARD }, () => randomTitle(random));
      const card = { ...first, version, title, subtitle, log: lines.slice(0, 3), body: lines.slice(3) };
      await port.editCard(address, messageId, card, []);
      const messages = await room().messages();
      assert.equal(messages.length, 1);
      harmless(messages, title);
      const shown = letters(messages[0]?.text ?? '');
      for (const text of [title, subtitle, ...lines]) {
        assert.ok(shown.includes(letters(text)), `${JSON.stringify(text)} is shown as ${JSON.stringify(shown)}`);
      }
    }
  });
}

function harmless(messages: readonly SeenPost[], text: string): void {
  for (const { pings, textLinks } of messages) {
    assert.deepEqual([pings, textLinks], [[], []], JSON.stringify(text.slice(0, 200)));
  }
}

/** What is left when invisible characters, which ports use to break mark-up, and blanks do not count. */
function letters(text: string): string {
  return text.normalize('NFC').replaceAll(/[\p{Cf}\p{Cc}\s\uFFFD]/gu, '');
}

const PIECES = [
  '@everyone',
  '@here',
  '<@123456789>',
  '<@&42>',
  '<#77>',
  '@ana',
  '<!channel>',
  '<!here>',
  '<@U012AB3CD>',
  '<!subteam^S1>',
  '#general',
  '/jam',
  '$CASH',
  'https://example.org/x?y=1',
  'http://',
  'www.example.org',
  'example.org',
  'a@example.org',
  'tg://user?id=1',
  'javascript:alert(1)',
  '[x](https://example.org)',
  '<https://example.org|x>',
  '*',
  '**',
  '_',
  '__',
  '~',
  '~~',
  '`',
  '```',
  '||',
  '>',
  '>>>',
  '# ',
  '- ',
  '1. ',
  '<b>',
  '</b>',
  '<a href="https://example.org">',
  '&lt;',
  '&amp;',
  '&',
  '<',
  '\\',
  ':smile:',
  '<:x:1>',
  '<t:0:R>',
  '🎸',
  '👩‍🎤',
  'ñandú',
  '日本語',
  'עברית',
  '\u202e',
  '\u200b',
  '\u0000',
  '\n',
  '\t',
  "'",
  '"',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '=',
  '+',
  '.',
  '!',
  '|',
  'song',
  'take 2',
] as const;

function randomTitle(random: () => number): string {
  const pieces = Array.from(
    { length: 1 + Math.floor(random() * 8) },
    () => PIECES[Math.floor(random() * PIECES.length)],
  );
  return displayTitle(pieces.join(random() < 0.5 ? '' : ' '));
}
