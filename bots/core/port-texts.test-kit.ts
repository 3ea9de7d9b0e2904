import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import type { OpenFile } from '../../workflows/contract/chat-port.ts';
import type { ResultFile } from '../../workflows/contract/delivery.ts';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import type { PortBench, SeenPost } from './chat-port.test-kit.ts';
import { DONE, exampleCard, exampleFile } from './port-example.test-kit.ts';

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

const SEED = 20_240_817;
const TITLES = 5000;
/** Each is a message or two of its own, and all that stands is looked through. */
const OTHER_TITLES = 30;
/** Of a card: its title, its subtitle, and lines of its log and body. */
const TITLES_PER_CARD = 8;

export function testTexts({ room, folder }: PortBench): void {
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
    const { port, address, calls } = room();
    const random = seededRandom(SEED);
    const first = exampleCard({ version: 1, stage: 'separate' });
    const { messageId } = await port.postCard(address, first, 'nonce');
    for (let version = 2; version < 2 + TITLES / TITLES_PER_CARD; version += 1) {
      const [title = '', subtitle = '', ...lines] = Array.from({ length: TITLES_PER_CARD }, () =>
        randomTitle(random, calls),
      );
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

  test(`nor does any of ${String(OTHER_TITLES)} in a line that rings, in a message that waits for a file, or of an asker so called`, async () => {
    const { port, address, requester, calls } = room();
    const random = seededRandom(SEED);
    const card = exampleCard({ version: 1 }, DONE);
    const { messageId: cardId } = await port.postCard(address, card, 'nonce');
    const [file] = port.layout(await manyFiles(folder())).inPlaceholders.flat();
    for (let index = 0; index < OTHER_TITLES; index += 1) {
      const title = randomTitle(random, calls);
      const nonce = `nonce-${String(index)}`;
      const named = { ...card, title };
      const displayName = randomTitle(random, calls);
      const ready = { kind: 'ready', requester: { ...requester, displayName }, card: named } as const;
      const posted: (string | undefined)[] = [(await port.postExtra(address, cardId, ready, nonce))?.messageId];
      if (file !== undefined) {
        const { messageId } = await port.postPlaceholder(address, cardId, named, [file], `${nonce}-file`);
        await port.fillPlaceholder(address, messageId, named, [await openFile(folder(), file)]);
        posted.push(messageId);
      }
      for (const { pings, textLinks, id, text } of await room().messages()) {
        if (!posted.includes(id)) continue;
        const called = pings.filter((person) => person !== requester.userId);
        assert.deepEqual([called, textLinks], [[], []], `seed ${String(SEED)}: ${JSON.stringify([title, text])}`);
        if (id === posted[0]) assert.ok(letters(text).includes(letters(title)), JSON.stringify([title, text]));
      }
    }
  });
}

/** More than fit into a card anywhere. */
async function manyFiles(folder: string): Promise<readonly OpenFile[]> {
  const names = Array.from({ length: 12 }, (_, index) => `stem-${String(index)}.mp3`);
  return await Promise.all(names.map(async (name) => await exampleFile(folder, name, 100)));
}

async function openFile(folder: string, { fileName }: ResultFile): Promise<OpenFile> {
  return await exampleFile(folder, fileName, 100);
}

function harmless(messages: readonly SeenPost[], text: string): void {
  for (const { pings, textLinks } of messages) {
    const what = `seed ${String(SEED)}: ${JSON.stringify(text.slice(0, 200))}`;
    assert.deepEqual([pings, textLinks], [[], []], what);
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

/** @param calls see `PortRoom` */
function randomTitle(random: () => number, calls: readonly string[]): string {
  const all = [...PIECES, ...calls, ...calls];
  const pieces = Array.from({ length: 1 + Math.floor(random() * 8) }, () => all[Math.floor(random() * all.length)]);
  return displayTitle(pieces.join(random() < 0.5 ? '' : ' '));
}
