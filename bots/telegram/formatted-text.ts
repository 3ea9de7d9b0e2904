/** Text with entities, as Telegram wants it instead of mark-up: whatever a person wrote stays letters. */
import type { MessageEntity } from 'grammy/types';

export interface FormattedText {
  readonly text: string;
  readonly entities: MessageEntity[];
}

export interface TextWriter {
  /** Ours: names of commands can be tapped. */
  plain(text: string): TextWriter;
  /** From outside: names, titles. Telegram itself makes links and pings of plain text; not of this. */
  inert(text: string): TextWriter;
  bold(write: (writer: TextWriter) => void): TextWriter;
  /** Fixed width, where columns stand under each other, and where Telegram makes nothing of words. */
  table(text: string): TextWriter;
  /** Notifies this person. */
  mention(text: string, userId: number): TextWriter;
  /** Cut to so many UTF-16 units, entities with it. */
  end(limit: number): FormattedText;
}

/** Invisible, and no part of any name, link or command. */
const WORD_JOINER = '\u2060';
/** What moves or turns the letters around it. Written as escapes: the characters themselves would be invisible here. */
const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029]/gu;
const COMMANDING = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A person's words without what Telegram's own reading makes of them: `@name`, `#tag`, `$CASH`, `/command`, addresses, numbers to call. */
export function inertText(text: string): string {
  return readable(text)
    .replaceAll(/[@#$/]/gu, (sign) => `${sign}${WORD_JOINER}`)
    .replaceAll(/(?<=[\p{L}\p{N}_-])[.:](?=[\p{L}\p{N}/])/gu, (sign) => `${WORD_JOINER}${sign}${WORD_JOINER}`)
    .replaceAll(/\d(?=\d{3})/gu, (digit) => `${digit}${WORD_JOINER}`);
}

/** Letters and line ends alone. */
function readable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(LINE_ENDS, '\n')
    .replaceAll(COMMANDING, (sign) => (sign === '\n' ? sign : sign === '\t' ? ' ' : ''));
}

export function writeText(): TextWriter {
  let text = '';
  const entities: MessageEntity[] = [];

  function spanned(entity: (offset: number, length: number) => MessageEntity, write: () => void): TextWriter {
    const offset = text.length;
    write();
    // An empty entity is an error of the whole message.
    if (text.length > offset) entities.push(entity(offset, text.length - offset));
    return writer;
  }

  const writer: TextWriter = {
    plain(more) {
      text += readable(more);
      return writer;
    },
    inert(more) {
      text += inertText(more);
      return writer;
    },
    bold: (write) =>
      spanned(
        (offset, length) => ({ type: 'bold', offset, length }),
        () => write(writer),
      ),
    table: (more) =>
      spanned(
        (offset, length) => ({ type: 'pre', offset, length }),
        () => void writer.plain(more),
      ),
    mention(name, userId) {
      const user = { id: userId, is_bot: false, first_name: name };
      return spanned(
        (offset, length) => ({ type: 'text_mention', offset, length, user }),
        () => void writer.inert(name),
      );
    },
    end(limit) {
      const cut = text
        .slice(0, limit)
        .replace(/[\uD800-\uDBFF]$/u, '')
        .trimEnd();
      const kept = entities
        .map((entity) => ({ ...entity, length: Math.min(entity.length, cut.length - entity.offset) }))
        .filter((entity) => entity.length > 0);
      return { text: cut, entities: kept };
    },
  };
  return writer;
}
