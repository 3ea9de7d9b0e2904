/** Looked for from the first blank of several alone: long rows of them would cost their square. */
const SLASHES = /(?<![ \t])[ \t]+\/[ \t]+/gu;
const UNWRITTEN = /[^\P{Cc}\n\t]/gu;

/**
 * Words of a song as somebody pasted them, one line a line: without what cannot be seen, and without blank ends. Where a chat makes one line of
 * many, ` / ` stands between them, as in print. Null where nothing is left.
 */
export function givenWords(pasted: string): string | null {
  const whole = pasted.normalize('NFC').replaceAll(/\r\n?/gu, '\n').replaceAll(UNWRITTEN, '').trim();
  const lines = whole.includes('\n') ? whole : whole.replaceAll(SLASHES, '\n');
  return lines === '' ? null : lines;
}
