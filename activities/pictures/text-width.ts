/** How wide text is drawn: the advances of DejaVu Sans 2.37, in hundredths of the size of the font, from the space to the tilde. */
const ADVANCES = {
  normal: [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61,
    69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59,
    82, 59, 59, 52, 64, 34, 64, 84,
  ],
  bold: [
    35, 46, 52, 84, 70, 100, 87, 31, 46, 46, 52, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40, 84,
    84, 84, 58, 100, 77, 76, 73, 83, 68, 68, 82, 84, 37, 37, 77, 64, 100, 84, 85, 73, 85, 77, 72, 68, 81, 77, 110, 77,
    72, 73, 46, 37, 46, 84, 50, 50, 67, 72, 59, 72, 68, 44, 72, 71, 34, 34, 67, 34, 104, 71, 69, 72, 72, 49, 60, 48, 71,
    65, 92, 65, 65, 58, 71, 37, 71, 84,
  ],
} as const;
/** Of what is not in the table: as wide as the widest of common letters. */
const OTHER = 100;
const FIRST = 32;

export type Weight = keyof typeof ADVANCES;

/** @returns pixels at a size of 1 */
export function textWidth(text: string, weight: Weight): number {
  return [...text].reduce(
    (sum, letter) => sum + (ADVANCES[weight][(letter.codePointAt(0) as number) - FIRST] ?? OTHER) / 100,
    0,
  );
}

/** @returns the size, at most `size`, at which text is no wider than so many pixels */
export function fittingSize(text: string, weight: Weight, size: number, widthPixels: number): number {
  return Math.min(size, widthPixels / Math.max(0.01, textWidth(text, weight)));
}

/** What of the text is no wider than so many pixels, with an ellipsis where it is cut. */
export function cutToWidth(text: string, weight: Weight, size: number, widthPixels: number): string {
  if (textWidth(text, weight) * size <= widthPixels) return text;
  const letters = [...text];
  while (letters.length > 0 && textWidth(`${letters.join('')}…`, weight) * size > widthPixels) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
