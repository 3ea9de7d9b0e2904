// Running medians of odd width over the rows and columns of a matrix, by keeping each window's values sorted.

/**
 * Median along each row, the row mirrored about its edges (… 2 1 0 | 0 1 2 …).
 * @param values `rows` × `columns`, row after row @param width odd, at most `columns` @param output of the same size
 */
export function medianAlongRows(
  values: Float32Array,
  rows: number,
  columns: number,
  width: number,
  output: Float32Array,
): void {
  requireOddWidth(width, columns);
  const half = (width - 1) / 2;
  const sorted = new Float32Array(width);
  const padded = new Float32Array(columns + 2 * half);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    padded.set(values.subarray(from, from + columns), half);
    for (let n = 0; n < half; n++) {
      padded[half - 1 - n] = values[from + n]!;
      padded[half + columns + n] = values[from + columns - 1 - n]!;
    }
    sorted.set(padded.subarray(0, width));
    sorted.sort();
    output[from] = sorted[half]!;
    for (let column = 1; column < columns; column++) {
      replaceSorted(sorted, 0, width, padded[column - 1]!, padded[column - 1 + width]!);
      output[from + column] = sorted[half]!;
    }
  }
}

/**
 * Median down each column, only where the window lies wholly inside: output row r is of input rows r .. r + width - 1.
 * @param values `rows` × `columns`, row after row @param width odd, at most `rows`
 * @param output `rows - width + 1` × `columns`
 */
export function medianAcrossRows(
  values: Float32Array,
  rows: number,
  columns: number,
  width: number,
  output: Float32Array,
): void {
  requireOddWidth(width, rows);
  const half = (width - 1) / 2;
  const sorted = new Float32Array(columns * width);
  for (let column = 0; column < columns; column++) {
    const base = column * width;
    for (let n = 0; n < width; n++) sorted[base + n] = values[n * columns + column]!;
    sorted.subarray(base, base + width).sort();
    output[column] = sorted[base + half]!;
  }
  // Row by row, so that memory is walked in order; each column's sorted window waits in `sorted`.
  for (let row = 1; row <= rows - width; row++) {
    const leaving = (row - 1) * columns;
    const entering = (row - 1 + width) * columns;
    for (let column = 0; column < columns; column++) {
      const base = column * width;
      replaceSorted(sorted, base, width, values[leaving + column]!, values[entering + column]!);
      output[row * columns + column] = sorted[base + half]!;
    }
  }
}

/** Replaces one value of the sorted run sorted[base .. base + width) and moves the new one to its place. */
function replaceSorted(sorted: Float32Array, base: number, width: number, leaving: number, entering: number): void {
  const last = base + width - 1;
  let at = base;
  while (at < last && sorted[at]! < leaving) at++;
  if (entering > leaving) {
    for (; at < last && sorted[at + 1]! < entering; at++) sorted[at] = sorted[at + 1]!;
  } else {
    for (; at > base && sorted[at - 1]! > entering; at--) sorted[at] = sorted[at - 1]!;
  }
  sorted[at] = entering;
}

function requireOddWidth(width: number, most: number): void {
  if (width % 2 !== 1 || width < 1 || width > most) {
    throw new RangeError(`a running median needs an odd width of 1 .. ${String(most)}, not ${String(width)}`);
  }
}
