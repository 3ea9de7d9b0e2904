/** Text from outside as a terminal may show it: nothing in it moves the cursor, and its width is known. */

// Written as escapes: the characters themselves would be invisible here.
const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const NO_CELL = /^\p{M}$/u;
/** Two cells each: what Unicode calls wide (UAX #11), near enough. */
const TWO_CELLS =
  /^(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])$/u;

/** Control, formatting and direction-changing characters are shown as `�`, so that nobody takes the text for another. */
export function visibleText(text: string): string {
  return text.replaceAll(CONTROLS, '\uFFFD');
}

/** Cuts a line to fewer than `columns` cells, with `…` where something is missing: a full line would wrap on some terminals. */
export function fitLine(line: string, columns: number): string {
  const room = Math.max(1, columns - 1);
  if (cellsOf(line) <= room) {
    return line;
  }
  let fitting = '';
  let used = 0;
  for (const character of line) {
    used += cellsOf(character);
    if (used >= room) {
      break;
    }
    fitting += character;
  }
  return `${fitting}…`;
}

function cellsOf(text: string): number {
  let cells = 0;
  for (const character of text) {
    cells += NO_CELL.test(character) ? 0 : TWO_CELLS.test(character) ? 2 : 1;
  }
  return cells;
}
