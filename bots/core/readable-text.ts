// Written as escapes: the characters themselves would be invisible here.
const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029]/gu;
const COMMANDING = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Letters and line ends alone: nothing that moves, turns or colours what stands around it. */
export function readableText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(LINE_ENDS, '\n')
    .replaceAll(COMMANDING, (sign) => (sign === '\n' ? sign : sign === '\t' ? ' ' : ''));
}
