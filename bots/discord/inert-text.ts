/** A person's words in Discord's mark-up, as letters. */
import { readableText } from '../core/readable-text.ts';

/** Invisible, and no part of any mention, link, emoji or time. */
const WORD_JOINER = '\u2060';

/** Nothing in it pings, links or formats, in a message, an embed or a file's caption. */
export function inertText(text: string): string {
  return (
    readableText(text)
      // A backslash is the mark-up's own way; it also ends names of custom emoji and of channels.
      .replaceAll(/[\\*_`~|>#[\]()<:-]/gu, (sign) => `\\${sign}`)
      .replaceAll(/[@&]/gu, (sign) => `${sign}${WORD_JOINER}`)
      // `https\://` is none to the eye but may be to a client; `www.` and `discord.gg` never need a scheme there.
      .replaceAll(/(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])/gu, `${WORD_JOINER}.${WORD_JOINER}`)
      .replaceAll('//', `/${WORD_JOINER}/`)
  );
}

/** For inside a code block, where nothing is formatted: only its end must not come. */
export function codeText(text: string): string {
  return readableText(text).replaceAll('`', `${WORD_JOINER}ˋ`);
}
