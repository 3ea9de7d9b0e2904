import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../api-error.ts';
import type { FormattedText } from '../message.ts';
import { detectEntities } from './detect-entities.ts';
import { parseHtml } from './parse-html.ts';
import { parseMarkdownV2 } from './parse-markdown.ts';
import { finish } from './read-text.ts';

/** Entities in short: kind, the words they cover, and what they lead to. */
function shown({ text, entities }: FormattedText): string[] {
  return entities.map((entity) => {
    const more = 'url' in entity ? ` -> ${entity.url}` : 'language' in entity ? ` in ${entity.language ?? ''}` : '';
    return `${entity.type} "${text.slice(entity.offset, entity.offset + entity.length)}"${more}`;
  });
}

const nobody = (): null => null;

for (const [source, text, entities] of [
  ['<b>bold <i>both</i></b> &lt;3 &#233;', 'bold both <3 é', ['bold "bold both"', 'italic "both"']],
  ['🎸<code>x&amp;y</code>', '🎸x&y', ['code "x&y"']],
  ['<a href="https://example.com/?a=1">here</a>', 'here', ['text_link "here" -> https://example.com/?a=1']],
  ['<span class="tg-spoiler">no</span><tg-spoiler>pe</tg-spoiler>', 'nope', ['spoiler "no"', 'spoiler "pe"']],
  ['<blockquote expandable>long</blockquote>', 'long', ['expandable_blockquote "long"']],
  ['<a href="tg://user?id=9">gone</a>', 'gone', []],
] as const) {
  test(`HTML ${source}`, () => {
    const parsed = parseHtml(source, nobody);
    assert.equal(parsed.text, text);
    assert.deepEqual(shown(parsed), entities);
  });
}

for (const [source, text, entities] of [
  ['*bold _both_*', 'bold both', ['bold "bold both"', 'italic "both"']],
  [
    '__under__ ~gone~ ||spoiler||',
    'under gone spoiler',
    ['underline "under"', 'strikethrough "gone"', 'spoiler "spoiler"'],
  ],
  ['___both_ under__', 'both under', ['underline "both under"', 'italic "both"']],
  ['1\\.5 \\*', '1.5 *', []],
  ['`a*b\\`c`', 'a*b`c', ['code "a*b`c"']],
  ['```ts\nlet x = 1;\n```', 'let x = 1;\n', ['pre "let x = 1;\n" in ts']],
  ['[a\\]b](https://example.com/\\))', 'a]b', ['text_link "a]b" -> https://example.com/)']],
  ['>one\n>two\nthree', 'one\ntwo\nthree', ['blockquote "one\ntwo"']],
] as const) {
  test(`MarkdownV2 ${JSON.stringify(source)}`, () => {
    const parsed = parseMarkdownV2(source, nobody);
    assert.equal(parsed.text, text);
    assert.deepEqual(shown(parsed), entities);
  });
}

for (const [parse, source, why] of [
  [parseHtml, '<b>x</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
  [parseHtml, 'é<h1>x</h1>', 'Unsupported start tag "h1" at byte offset 2'],
  [parseHtml, 'x</b>', 'Unexpected end tag at byte offset 1'],
  [parseMarkdownV2, 'a-b', "Character '-' is reserved and must be escaped with the preceding '\\'"],
  [parseMarkdownV2, 'é *x', "Can't find end of Bold entity at byte offset 3"],
  [parseMarkdownV2, '`x', "Can't find end of Code entity at byte offset 0"],
] as const) {
  test(`refuses ${source}`, () => {
    assert.throws(
      () => parse(source, nobody),
      (error) => error instanceof ApiError && error.description === `Bad Request: can't parse entities: ${why}`,
    );
  });
}

for (const [text, found] of [
  ['/split', ['bot_command "/split"']],
  ['see /split@some_bot now', ['bot_command "/split@some_bot"']],
  ['and/or 1/2', []],
  ['me@example.com @ben_bass.', ['mention "@ben_bass"']],
  ['(https://youtu.be/a_b?x=1), ok', ['url "https://youtu.be/a_b?x=1"']],
  ['example.com/a is a place, song.mp3 is not', ['url "example.com/a"']],
  ['#Song1 #12', ['hashtag "#Song1"']],
] as const) {
  test(`finds in "${text}"`, () => {
    assert.deepEqual(shown({ text, entities: detectEntities(text, []) }), found);
  });
}

test('finds nothing in code', () => {
  assert.deepEqual(shown({ text: '/go', entities: detectEntities('/go', [{ type: 'code', offset: 0, length: 3 }]) }), [
    'code "/go"',
  ]);
});

test('entities move with the white space that goes', () => {
  const text = finish({ text: ' \n Cleo ', entities: [{ type: 'bold', offset: 1, length: 7 }] });
  assert.deepEqual(text, { text: 'Cleo', entities: [{ type: 'bold', offset: 0, length: 4 }] });
});
