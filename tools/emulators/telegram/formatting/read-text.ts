/** A text or caption as the bot sent it, made into what people read. */
import type { MessageEntity } from 'grammy/types';
import { badRequest } from '../api-error.ts';
import type { Arguments } from '../arguments.ts';
import type { Chats } from '../chats.ts';
import type { FormattedText } from '../message.ts';
import { toUser } from '../to-wire.ts';
import { detectEntities } from './detect-entities.ts';
import { parseHtml } from './parse-html.ts';
import { parseMarkdownV2 } from './parse-markdown.ts';

/** More than this is refused before anything is parsed. UTF-8 bytes. */
const MAX_SOURCE_BYTES = 1 << 15;

/**
 * @param from arguments of the request, or fields of an InputMedia
 * @throws ApiError 400 "can't parse entities: …"
 */
export function readText(
  chats: Chats,
  from: Arguments,
  names: { readonly text: string; readonly entities: string },
): FormattedText {
  const source = from.text(names.text);
  if (Buffer.byteLength(source) > MAX_SOURCE_BYTES) throw badRequest('text is too long');
  const mention = (userId: number, offset: number, length: number): MessageEntity | null => {
    const person = userId === chats.bot.id ? chats.bot : chats.people.get(userId);
    return person === undefined ? null : { type: 'text_mention', offset, length, user: toUser(person) };
  };
  const parsed = parse(source, from, names.entities, mention);
  return finish(parsed);
}

function parse(
  source: string,
  from: Arguments,
  entitiesName: string,
  mention: (userId: number, offset: number, length: number) => MessageEntity | null,
): FormattedText {
  const mode = from.text('parse_mode').toLowerCase();
  switch (mode) {
    case 'html':
      return parseHtml(source, mention);
    case 'markdownv2':
      return parseMarkdownV2(source, mention);
    case '':
    case 'none':
      return { text: source, entities: readEntities(source, from.json(entitiesName), mention) };
    default:
      throw badRequest('unsupported parse_mode');
  }
}

function readEntities(
  text: string,
  given: unknown,
  mention: (userId: number, offset: number, length: number) => MessageEntity | null,
): MessageEntity[] {
  if (!Array.isArray(given)) return [];
  const list: readonly unknown[] = given;
  return list.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) throw badRequest("can't parse MessageEntity: expected an Object");
    const entity = entry as MessageEntity;
    const { offset, length } = entity;
    if (!Number.isInteger(offset) || !Number.isInteger(length)) {
      throw badRequest(
        `can't parse MessageEntity: Field "${Number.isInteger(offset) ? 'length' : 'offset'}" must be of type Number`,
      );
    }
    checkPlace(text, offset, offset + length);
    if (entity.type === 'text_mention') {
      const known = mention(entity.user.id, offset, length);
      return known === null ? [] : [known];
    }
    // Found ones are found again; the sender cannot claim them.
    return ['mention', 'hashtag', 'url', 'bot_command', 'cashtag', 'email', 'phone_number'].includes(entity.type)
      ? []
      : [entity];
  });
}

/** An entity may not begin or end within a character, nor outside the text. UTF-16 offsets. */
function checkPlace(text: string, from: number, to: number): void {
  const begins = `entity beginning at UTF-16 offset ${String(from)}`;
  if (from < 0 || from > text.length) {
    throw badRequest(`entity begins after the end of the text at UTF-16 offset ${String(from)}`);
  }
  if (splits(text, from)) throw badRequest(`entity begins in a middle of a UTF-16 symbol at offset ${String(from)}`);
  if (to < from || to > text.length) {
    throw badRequest(`${begins} ends after the end of the text at UTF-16 offset ${String(to)}`);
  }
  if (splits(text, to)) throw badRequest(`${begins} ends in a middle of a UTF-16 symbol at offset ${String(to)}`);
}

function splits(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  return offset > 0 && unit >= 0xdc00 && unit <= 0xdfff;
}

/** White space at both ends goes, entities move with it; what Telegram finds by itself is added. */
export function finish({ text, entities }: FormattedText): FormattedText {
  const clean = text.replaceAll('\r', '');
  const lead = clean.length - clean.trimStart().length;
  const trimmed = clean.trim();
  const moved = entities.flatMap((entity) => {
    const start = Math.max(0, entity.offset - lead);
    const end = Math.min(trimmed.length, entity.offset + entity.length - lead);
    return end > start ? [{ ...entity, offset: start, length: end - start }] : [];
  });
  return { text: trimmed, entities: detectEntities(trimmed, moved) };
}
