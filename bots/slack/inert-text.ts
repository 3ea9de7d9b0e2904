/**
 * A person's words in Slack, as letters. They stand in `plain_text` wherever they can, which has no mark-up at all; word joiners would not
 * keep `*a*` from being bold.
 */
import type { HeaderBlock, KnownBlock, PlainTextElement } from '@slack/web-api';
import { readableText } from '../core/readable-text.ts';

/** Invisible, and no part of any name, emoji or entity. */
const WORD_JOINER = '\u2060';
const HEADER_LIMIT = 150;
const TEXT_LIMIT = 3000;
/** Slack refuses texts without a letter. */
const NOTHING = '–';

/** What is left to Slack in `plain_text`: `:name:` is an emoji there, and `&lt;` a bracket. */
export function inertPlain(text: string): string {
  return readableText(text)
    .replaceAll(/:(?=[\p{L}\p{N}_+-])/gu, `:${WORD_JOINER}`)
    .replaceAll(/&(?=(?:amp|lt|gt);)/gu, `&${WORD_JOINER}`);
}

/** For a message's own `text`, which notifications show; always with `parse: 'none'`. */
export function inertText(text: string): string {
  return escaped(inertPlain(text).replaceAll(/[*_~`]/gu, (sign) => `${WORD_JOINER}${sign}${WORD_JOINER}`));
}

/** For inside a code block of `mrkdwn`: only its end and the three escaped signs mean anything there. */
export function codeText(text: string): string {
  return escaped(readableText(text).replaceAll('`', 'ˋ'));
}

export function plainText(text: string, limit = TEXT_LIMIT): PlainTextElement {
  return { type: 'plain_text', text: cut(inertPlain(text), limit), emoji: true };
}

export function plainSection(text: string): KnownBlock {
  return { type: 'section', text: plainText(text) };
}

/** As few sections as hold the lines. */
export function plainSections(lines: readonly string[]): KnownBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const longer = texts.length === 0 ? line : `${texts.at(-1) ?? ''}\n${line}`;
    if (texts.length > 0 && inertPlain(longer).length <= TEXT_LIMIT) texts[texts.length - 1] = longer;
    else texts.push(line);
  }
  return texts.map(plainSection);
}

/** A header, or a section where the words are too long for one. */
export function heading(text: string): HeaderBlock | KnownBlock {
  return inertPlain(text).length > HEADER_LIMIT
    ? plainSection(text)
    : { type: 'header', text: plainText(text, HEADER_LIMIT) };
}

/** Cut to so many UTF-16 units, and no character in two. */
export function cut(text: string, limit: number): string {
  if (text.trim() === '') return NOTHING;
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
