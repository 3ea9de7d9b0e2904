/** Telegram finds commands, mentions and addresses in every text by itself; the sender need not mark them. */
import type { MessageEntity } from 'grammy/types';
import { parse } from 'tldts';

const COMMAND = /(?<![\p{L}\p{N}_/@<>])\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\p{L}\p{N}_/])/gu;
const MENTION = /(?<![\p{L}\p{N}_@/])@[A-Za-z]\w{2,31}(?!\w)/gu;
const HASHTAG = /(?<![\p{L}\p{N}_#/])#(?=[\p{L}\p{N}_]*\p{L})[\p{L}\p{N}_]{1,256}/gu;
const ADDRESS =
  /(?<![\p{L}\p{N}_@.])(?:https?:\/\/)?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?::\d{1,5})?(?:[/?#][^\s<>"]*)?/giu;

type Kind = 'bot_command' | 'mention' | 'hashtag' | 'url';

/** In code nothing is found, nor where an entity of the sender's stands that has an address itself. */
const OPAQUE = new Set(['code', 'pre', 'text_link', 'text_mention']);

/** @param given what the sender marked @returns that and what was found, by offset */
export function detectEntities(text: string, given: readonly MessageEntity[]): MessageEntity[] {
  const found: MessageEntity[] = [];
  const taken = given.filter(({ type }) => OPAQUE.has(type) || isFindable(type));
  const take = (type: Kind, offset: number, length: number): void => {
    const isTaken = [...taken, ...found].some(
      (other) => offset < other.offset + other.length && other.offset < offset + length,
    );
    if (!isTaken) found.push({ type, offset, length });
  };
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(/[.,:;!?)\]'"]+$/u, '');
    if (isAddress(address)) take('url', match.index, address.length);
  }
  for (const [type, pattern] of [
    ['bot_command', COMMAND],
    ['mention', MENTION],
    ['hashtag', HASHTAG],
  ] as const) {
    for (const match of text.matchAll(pattern)) take(type, match.index, match[0].length);
  }
  return [...given, ...found].sort((a, b) => a.offset - b.offset || b.length - a.length);
}

function isFindable(type: string): boolean {
  return type === 'bot_command' || type === 'mention' || type === 'hashtag' || type === 'url';
}

function isAddress(address: string): boolean {
  const host = parse(address);
  return host.isIp === true ? address.includes('://') : host.domain !== null && host.isIcann === true;
}
