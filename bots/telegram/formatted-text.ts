/** Text with entities, as Telegram wants it instead of mark-up: whatever a person wrote stays letters. */
import type { MessageEntity } from 'grammy/types';

export interface FormattedText {
  readonly text: string;
  readonly entities: MessageEntity[];
}

export interface TextWriter {
  /** Ours: written as it is. */
  plain(text: string): TextWriter;
  /** From outside: names, titles. Telegram itself makes links and pings of plain text; not of this. */
  inert(text: string): TextWriter;
  bold(write: (writer: TextWriter) => void): TextWriter;
  /** Fixed width, where columns stand under each other. */
  table(text: string): TextWriter;
  /** Notifies this person. */
  mention(text: string, userId: number): TextWriter;
  /** Cut to so many UTF-16 units, entities with it. */
  end(limit: number): FormattedText;
}

/** Invisible, and no part of any name, link or command. */
const WORD_JOINER = '\u2060';

/** A person's words without what Telegram's own reading makes of them: `@name`, `#tag`, `$CASH`, `/command`, addresses, numbers to call. */
export function inertText(text: string): string {
  return text
    .replaceAll(/[@#$/]/gu, (sign) => `${sign}${WORD_JOINER}`)
    .replaceAll(/(?<=[\p{L}\p{N}_-])[.:](?=[\p{L}\p{N}/])/gu, (sign) => `${WORD_JOINER}${sign}${WORD_JOINER}`)
    .replaceAll(/\d(?=\d{3})/gu, (digit) => `${digit}${WORD_JOINER}`);
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
      text += more;
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
