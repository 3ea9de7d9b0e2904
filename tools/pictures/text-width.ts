/** How wide text is, without a font: mean widths of the usual sans faces, good enough to break lines and to place what follows. */

/** Share of the font size. */
const MONO_WIDTH = 0.602;
const NARROW = /[ijltfrI.,:;!'’|()[\]{} ]/u;
const WIDE = /[mwMW@%—…▸▤♪]/u;
const CAPITAL = /[A-Z0-9#&+=<>~✓✗$€]/u;
const SQUARE = /[\u2E80-\uFFEF\u{1F000}-\u{1FAFF}]/u;

export interface Face {
  readonly sizePx: number;
  readonly isMono: boolean;
  readonly isBold: boolean;
}

export function textWidth(text: string, { sizePx, isMono, isBold }: Face): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter, isMono);
  return width * sizePx * (isBold && !isMono ? 1.16 : 1);
}

function letterWidth(letter: string, isMono: boolean): number {
  if (SQUARE.test(letter)) return isMono ? 2 * MONO_WIDTH : 1.05;
  if (isMono) return MONO_WIDTH;
  if (NARROW.test(letter)) return 0.34;
  if (WIDE.test(letter)) return 0.95;
  return CAPITAL.test(letter) ? 0.68 : 0.59;
}

/** Breaks at spaces where it can, inside a word where it must. A line of one width keeps its columns and is cut instead. */
export function breakLines(text: string, face: Face, maxWidthPx: number): string[] {
  return text
    .split('\n')
    .flatMap((line) => (face.isMono ? [cutText(line, face, maxWidthPx)] : breakLine(line, face, maxWidthPx)));
}

function breakLine(line: string, face: Face, maxWidthPx: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=\s)/u)) {
    if (current !== '' && textWidth((current + word).trimEnd(), face) > maxWidthPx) {
      lines.push(current.trimEnd());
      current = '';
    }
    current += word;
    while (textWidth(current.trimEnd(), face) > maxWidthPx) {
      const fitting = fittingPart(current, face, maxWidthPx);
      lines.push(fitting);
      current = current.slice(fitting.length);
    }
  }
  return [...lines, current.trimEnd()];
}

/** With an ellipsis where it is too wide. */
export function cutText(text: string, face: Face, maxWidthPx: number): string {
  if (textWidth(text, face) <= maxWidthPx) return text;
  return `${fittingPart(text, face, maxWidthPx - textWidth('…', face)).trimEnd()}…`;
}

/** At least one letter. */
function fittingPart(text: string, face: Face, maxWidthPx: number): string {
  let part = '';
  for (const letter of text) {
    if (part !== '' && textWidth(part + letter, face) > maxWidthPx) break;
    part += letter;
  }
  return part;
}
