/** What a singer pasted, as lines of words. */

/** Not sung: `[Chorus]`, and the times of an LRC file. */
const NOT_SUNG = /\[[^\]]*\]|<\d+:[\d.]+>/g;

/** @returns words as they were written, apart from spaces; no empty lines. */
export function readGivenLines(text: string): string[][] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replaceAll(NOT_SUNG, ' ').trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .map((line) => joinSigns(line.split(/\s+/)));
}

/** A sign that stands alone, such as a dash, is no word: it belongs to the word before it, or the first to the word after. */
function joinSigns(pieces: readonly string[]): string[] {
  const words: string[] = [];
  let opening = '';
  for (const piece of pieces) {
    if (/[\p{L}\p{N}]/u.test(piece)) {
      words.push(opening + piece);
      opening = '';
    } else if (words.length === 0) opening += `${piece} `;
    else words.push(`${words.pop()!} ${piece}`);
  }
  return words;
}
