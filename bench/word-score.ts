/** Words against words, in their order. */

/** Of each side, the positions of words that are the same: a longest common subsequence (Wagner and Fischer 1974). */
export function sameWords(one: readonly string[], other: readonly string[]): readonly (readonly [number, number])[] {
  const columns = other.length + 1;
  /** Of what follows in both. */
  const longest = new Uint32Array((one.length + 1) * columns);
  for (let row = one.length - 1; row >= 0; row--) {
    for (let column = other.length - 1; column >= 0; column--) {
      longest[row * columns + column] =
        one[row] === other[column]
          ? longest[(row + 1) * columns + column + 1]! + 1
          : Math.max(longest[(row + 1) * columns + column]!, longest[row * columns + column + 1]!);
    }
  }
  const same: [number, number][] = [];
  let [row, column] = [0, 0];
  while (row < one.length && column < other.length) {
    if (one[row] === other[column]) same.push([row++, column++]);
    else if (longest[(row + 1) * columns + column]! >= longest[row * columns + column + 1]!) row++;
    else column++;
  }
  return same;
}

/** Share of the words of both that the other has too, 0 to 1; 1 where neither has any. */
export function wordAgreement(one: readonly string[], other: readonly string[]): number {
  const all = one.length + other.length;
  return all === 0 ? 1 : (2 * sameWords(one, other).length) / all;
}
