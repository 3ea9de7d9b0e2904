/** `parse_mode: MarkdownV2` of the Bot API: https://core.telegram.org/bots/api#markdownv2-style */
import type { MessageEntity } from 'grammy/types';
import { badRequest } from '../api-error.ts';
import type { FormattedText } from '../message.ts';

const RESERVED = new Set('_*[]()~`>#+-=|{}.!');
const NAMES: Readonly<Record<string, string>> = {
  bold: 'Bold',
  italic: 'Italic',
  underline: 'Underline',
  strikethrough: 'Strikethrough',
  spoiler: 'Spoiler',
  code: 'Code',
  pre: 'Pre',
  text_link: 'TextUrl',
};
const MARKS = [
  ['__', 'underline'],
  ['||', 'spoiler'],
  ['*', 'bold'],
  ['_', 'italic'],
  ['~', 'strikethrough'],
] as const;

interface Open {
  readonly type: string;
  readonly mark: string;
  readonly offset: number;
  readonly byteOffset: number;
}

/** @param mention makes the entity of a `tg://user?id=` link, or null where nobody has the id */
export function parseMarkdownV2(
  source: string,
  mention: (userId: number, offset: number, length: number) => MessageEntity | null,
): FormattedText {
  const entities: MessageEntity[] = [];
  const open: Open[] = [];
  let text = '';
  let at = 0;
  const bytesBefore = (index: number): number => Buffer.byteLength(source.slice(0, index));
  const close = (entity: MessageEntity | null): void => {
    if (entity !== null && entity.length > 0) entities.push(entity);
  };

  while (at < source.length) {
    const rest = source.slice(at);
    const character = rest[0] ?? '';
    if (character === '\\' && rest.length > 1 && rest.charCodeAt(1) < 127) {
      text += rest[1] ?? '';
      at += 2;
      continue;
    }
    const fence = rest.startsWith('```') ? '```' : character === '`' ? '`' : null;
    if (fence !== null) {
      const end = codeEnd(source, at + fence.length, fence);
      if (end < 0) throw noEnd(fence === '`' ? 'Code' : 'Pre', bytesBefore(at));
      let code = source.slice(at + fence.length, end).replaceAll(/\\([\\`])/gu, '$1');
      const language = fence === '```' ? /^([\w+-]+)\n/u.exec(code)?.[1] : undefined;
      if (fence === '```') code = code.replace(/^[\w+-]*\n/u, '');
      const place = { offset: text.length, length: code.length };
      close(
        fence === '`'
          ? { type: 'code', ...place }
          : { type: 'pre', ...place, ...(language !== undefined && { language }) },
      );
      text += code;
      at = end + fence.length;
      continue;
    }
    const mark = MARKS.find(([sign]) => rest.startsWith(sign));
    if (mark !== undefined) {
      const [sign, type] = mark;
      const last = open.at(-1);
      // `___` closes an italic first where one is open.
      const closesItalic = last?.mark === '_' && rest.startsWith('___');
      const used = closesItalic ? '_' : sign;
      if (last?.mark === used) {
        open.pop();
        close({ type: last.type, offset: last.offset, length: text.length - last.offset } as MessageEntity);
      } else {
        open.push({ type, mark: sign, offset: text.length, byteOffset: bytesBefore(at) });
      }
      at += used.length;
      continue;
    }
    if (character === '[') {
      open.push({ type: 'text_link', mark: '[', offset: text.length, byteOffset: bytesBefore(at) });
      at += 1;
      continue;
    }
    const last = open.at(-1);
    if (character === ']' && last?.mark === '[') {
      const link = /^\]\(((?:\\.|[^)\\])*)\)/su.exec(rest);
      open.pop();
      const place = { offset: last.offset, length: text.length - last.offset };
      const url = (link?.[1] ?? '').replaceAll(/\\(.)/gsu, '$1');
      const userId = /^tg:\/\/user\?id=(\d+)$/u.exec(url)?.[1];
      if (userId !== undefined) close(mention(Number(userId), place.offset, place.length));
      else if (url !== '') close({ type: 'text_link', ...place, url });
      at += link?.[0].length ?? 1;
      continue;
    }
    const startsLine = at === 0 || source[at - 1] === '\n';
    if (character === '>' && startsLine) {
      const previous = open.find(({ mark: sign }) => sign === '>');
      if (previous === undefined)
        open.unshift({ type: 'blockquote', mark: '>', offset: text.length, byteOffset: bytesBefore(at) });
      at += 1;
      continue;
    }
    if (character === '\n' && open[0]?.mark === '>' && source[at + 1] !== '>') {
      const quote = open.shift();
      if (quote !== undefined) close({ type: 'blockquote', offset: quote.offset, length: text.length - quote.offset });
    }
    if (RESERVED.has(character)) {
      throw cannotParse(`Character '${character}' is reserved and must be escaped with the preceding '\\'`);
    }
    text += character;
    at += 1;
  }
  for (const left of open.reverse()) {
    if (left.mark !== '>') throw noEnd(NAMES[left.type] ?? left.type, left.byteOffset);
    close({ type: 'blockquote', offset: left.offset, length: text.length - left.offset });
  }
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

/** Index of the fence that ends code which starts at `from`, or -1. */
function codeEnd(source: string, from: number, fence: string): number {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source.startsWith(fence, at)) return at;
  }
  return -1;
}

function noEnd(name: string, byteOffset: number): Error {
  return cannotParse(`Can't find end of ${name} entity at byte offset ${String(byteOffset)}`);
}

function cannotParse(why: string): Error {
  return badRequest(`can't parse entities: ${why}`);
}
