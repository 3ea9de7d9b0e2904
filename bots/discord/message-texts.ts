/** Letters of any message. */
export const CONTENT_LIMIT = 2000;

/**
 * @param lines as they are sent, escaped. @returns the texts of as few messages as hold them all, at least one. Parted between lines,
 *   where there is a choice before one that is not indented; within a line where that alone is longer than a message.
 */
export function messageTexts(lines: readonly string[]): readonly [string, ...string[]] {
  const texts: string[] = [];
  let open: string[] = [];
  for (const line of lines.flatMap((text) => text.split('\n')).flatMap(parted)) {
    if (lengthOf(open) + line.length > CONTENT_LIMIT) {
      const at = isIndented(line) ? open.findLastIndex((one) => !isIndented(one)) : open.length;
      const end = at > 0 ? at : open.length;
      texts.push(open.slice(0, end).join('\n'));
      open = open.slice(end);
      // What is kept together with it may fill the next message alone.
      if (lengthOf(open) + line.length > CONTENT_LIMIT) {
        texts.push(open.join('\n'));
        open = [];
      }
    }
    open.push(line);
  }
  // Discord takes no message of spaces.
  const [first = '', ...more] = [...texts, open.join('\n')].filter((text) => text.trim() !== '');
  return [first, ...more];
}

/** With the ends of all its lines. */
function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

function isIndented(line: string): boolean {
  return line.startsWith(' ');
}

/** No sign is parted from the backslash before it, and no letter in two. */
function parted(line: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const [sign] of line.matchAll(/\\?[\s\S]/gu)) {
    if (piece.length + sign.length > CONTENT_LIMIT) {
      pieces.push(piece);
      piece = '';
    }
    piece += sign;
  }
  return [...pieces, piece];
}
