/** `parse_mode: HTML` of the Bot API: https://core.telegram.org/bots/api#html-style */
import type { MessageEntity } from 'grammy/types';
import { badRequest } from '../api-error.ts';
import type { FormattedText } from '../message.ts';

const TYPES: Readonly<Record<string, MessageEntity['type']>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  a: 'text_link',
};
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const TOKEN =
  /<(?<slash>\/?)(?<tag>[a-zA-Z][a-zA-Z0-9-]*)(?<attributes>[^>]*)>|&(?:#(?<decimal>\d+)|#x(?<hex>[\da-fA-F]+)|(?<named>lt|gt|amp|quot));|</gu;

interface Open {
  readonly tag: string;
  readonly attributes: string;
  readonly offset: number;
}

/** @param mention makes the entity of a `tg://user?id=` link, or null where nobody has the id */
export function parseHtml(
  source: string,
  mention: (userId: number, offset: number, length: number) => MessageEntity | null,
): FormattedText {
  const entities: MessageEntity[] = [];
  const open: Open[] = [];
  let text = '';
  let read = 0;
  for (const match of source.matchAll(TOKEN)) {
    text += source.slice(read, match.index);
    read = match.index + match[0].length;
    const { slash, tag, attributes, decimal, hex, named } = match.groups ?? {};
    const at = Buffer.byteLength(source.slice(0, match.index));
    if (tag === undefined) {
      if (match[0] === '<') throw cannotParse(`Unsupported start tag "" at byte offset ${String(at)}`);
      text +=
        named === undefined
          ? String.fromCodePoint(Number.parseInt(decimal ?? hex ?? '', hex === undefined ? 10 : 16))
          : (NAMED[named] ?? '');
      continue;
    }
    const name = tag.toLowerCase();
    if (slash === '') {
      const isSpoiler = name === 'span' && /class="tg-spoiler"/u.test(attributes ?? '');
      if (TYPES[name] === undefined && !isSpoiler) {
        throw cannotParse(`Unsupported start tag "${name}" at byte offset ${String(at)}`);
      }
      open.push({ tag: name, attributes: attributes ?? '', offset: text.length });
      continue;
    }
    const last = open.pop();
    if (last === undefined) throw cannotParse(`Unexpected end tag at byte offset ${String(at)}`);
    if (last.tag !== name) {
      throw cannotParse(
        `Unmatched end tag at byte offset ${String(at)}, expected "</${last.tag}>", found "</${name}>"`,
      );
    }
    const entity = entityOf(last, text.length - last.offset, text, mention);
    if (entity !== null) entities.push(entity);
  }
  const left = open.pop();
  if (left !== undefined) throw cannotParse(`Can't find end tag corresponding to start tag "${left.tag}"`);
  return {
    text: text + source.slice(read),
    entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length),
  };
}

function entityOf(
  { tag, attributes, offset }: Open,
  length: number,
  text: string,
  mention: (userId: number, offset: number, length: number) => MessageEntity | null,
): MessageEntity | null {
  if (length === 0) return null;
  const type = TYPES[tag] ?? 'spoiler';
  if (type === 'text_link') {
    const url =
      /href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))/u.exec(attributes)?.slice(1).find(Boolean) ?? text.slice(offset);
    const userId = /^tg:\/\/user\?id=(\d+)$/u.exec(url)?.[1];
    return userId === undefined ? { type, offset, length, url } : mention(Number(userId), offset, length);
  }
  if (type === 'blockquote' && /\bexpandable\b/u.test(attributes))
    return { type: 'expandable_blockquote', offset, length };
  return { type, offset, length } as MessageEntity;
}

function cannotParse(why: string): Error {
  return badRequest(`can't parse entities: ${why}`);
}
