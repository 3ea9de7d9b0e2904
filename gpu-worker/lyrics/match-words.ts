/** Which heard word is which given one (Needleman and Wunsch 1970). */

const EQUAL = 2;
const SIMILAR = 1;
const DIFFERENT = -1;
const GAP = -0.7;
/** Of the longer word's letters. */
const MOST_EDITS = 0.4;

const DIAGONAL = 0;
const DOWN = 1;
const RIGHT = 2;

/**
 * The best order-keeping match.
 * @returns of each given word the position of the heard word that is the same or sounds like it; null for the others
 */
export function matchWords(given: readonly string[], heard: readonly string[]): (number | null)[] {
  const a = given.map(plainWord);
  const b = heard.map(plainWord);
  const columns = b.length + 1;
  const steps = new Uint8Array((a.length + 1) * columns);
  let above = Float32Array.from({ length: columns }, (_, column) => column * GAP);
  let scores = new Float32Array(columns);
  const likeness = createLikeness();
  for (let row = 1; row <= a.length; row++) {
    scores[0] = row * GAP;
    for (let column = 1; column < columns; column++) {
      const diagonal = above[column - 1]! + likeness(a[row - 1]!, b[column - 1]!);
      const down = above[column]! + GAP;
      const right = scores[column - 1]! + GAP;
      const best = Math.max(diagonal, down, right);
      scores[column] = best;
      steps[row * columns + column] = best === diagonal ? DIAGONAL : best === down ? DOWN : RIGHT;
    }
    [above, scores] = [scores, above];
  }
  const matches: (number | null)[] = a.map(() => null);
  let row = a.length;
  let column = b.length;
  while (row > 0 && column > 0) {
    const step = steps[row * columns + column]!;
    if (step !== RIGHT) row--;
    if (step !== DOWN) column--;
    if (step === DIAGONAL && likeness(a[row]!, b[column]!) > 0) matches[row] = column;
  }
  return matches;
}

/** Lower case, letters and digits only. */
export function plainWord(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function createLikeness(): (a: string, b: string) => number {
  const known = new Map<string, number>();
  return (a, b) => {
    if (a === b) return EQUAL;
    const key = `${a} ${b}`;
    let likeness = known.get(key);
    if (likeness === undefined) {
      const longer = Math.max(a.length, b.length);
      likeness = longer > 2 && edits(a, b) <= MOST_EDITS * longer ? SIMILAR : DIFFERENT;
      known.set(key, likeness);
    }
    return likeness;
  };
}

/** Levenshtein's distance. */
function edits(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[b.length]!;
}
