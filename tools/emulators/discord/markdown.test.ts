import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mentionsIn, readMarkdown } from './markdown.ts';

const NAMES = {
  person: (id: string): string | null => (id === '1' ? 'Ada' : null),
  role: (id: string): string | null => (id === '2' ? 'Rhythm' : null),
  channel: (id: string): string | null => (id === '3' ? 'rehearsal' : null),
};

const READ: readonly (readonly [source: string, text: string])[] = [
  ['**bold** *it* _it_ __under__ ~~gone~~ ||hidden|| ***both***', 'bold it it under gone hidden both'],
  ['snake_case_name 2*3*4 a ** b', 'snake_case_name 234 a ** b'],
  ['# Title\n-# small\n> quoted\n- point', 'Title\nsmall\nquoted\n• point'],
  ['#no heading, 5 > 3', '#no heading, 5 > 3'],
  ['`**code**` ```js\nlet a = `b`;\n```', '**code** let a = `b`;'],
  ['\\*\\*not bold\\*\\* \\# \\_ \\\\ \\a', '**not bold** # _ \\ \\a'],
  [
    '<@1> <@!1> <@&2> <#3> <@9> <:horn:55> <a:horn:55> </split:7>',
    '@Ada @Ada @Rhythm #rehearsal @unknown-user :horn: :horn: /split',
  ],
  ['\\<@1\\> <t:0:R>', '<@1> 1970-01-01T00:00:00.000Z'],
  ['https://example.org/a_b_c, <https://example.org>', 'https://example.org/a_b_c, https://example.org'],
  ['\\[x\\]\\(https\\://example.org\\)', '[x](https://example.org)'],
];

test('mark-up is applied, and what is escaped stands as it is', () => {
  for (const [source, text] of READ) assert.equal(readMarkdown(source, NAMES).text, text, source);
});

test('an address behind words is told beside them', () => {
  const { text, links } = readMarkdown('see [the **player**](https://example.org/p "title")', NAMES);
  assert.equal(text, 'see the player');
  assert.deepEqual(links, [{ label: 'the player', customId: null, url: 'https://example.org/p' }]);
});

test('whom a text names: not in code, and a backslash hides nothing', () => {
  assert.deepEqual(mentionsIn('<@1> <@!1> <@&2> `<@7>` ```<@8> @here``` \\<@9>'), {
    people: ['1', '9'],
    roles: ['2'],
    everyone: false,
  });
  for (const text of ['@everyone', 'oh @here!', 'x@everyone']) assert.equal(mentionsIn(text).everyone, true, text);
  for (const text of ['@everyones', '@ here', '@\u2060everyone']) assert.equal(mentionsIn(text).everyone, false, text);
});
