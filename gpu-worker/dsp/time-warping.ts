// Dynamic time warping (Sakoe and Chiba 1978) of a sequence over time, along the highest values of a matrix.

const DIAGONAL = 0;
const DOWN = 1;
const RIGHT = 2;

/**
 * The path from the first row and column to the last ones, by steps to the next row, the next column or both, whose values sum to
 * the most.
 * @param values `rows` × `columns`, row after row
 * @returns of each row the first column that the path meets in it; rising, the first 0
 */
export function warpRows(values: Float32Array, rows: number, columns: number): Int32Array {
  if (rows < 1 || columns < 1 || values.length !== rows * columns) {
    throw new RangeError(`${values.length} values are no matrix of ${rows} × ${columns}`);
  }
  const steps = new Uint8Array(rows * columns);
  let above = new Float64Array(columns + 1).fill(-Infinity);
  let sums = new Float64Array(columns + 1).fill(-Infinity);
  above[0] = 0;
  for (let row = 0; row < rows; row++) {
    sums[0] = -Infinity;
    for (let column = 0; column < columns; column++) {
      const diagonal = above[column]!;
      const down = above[column + 1]!;
      const right = sums[column]!;
      let best = right;
      let step = RIGHT;
      if (diagonal >= down && diagonal >= right) {
        best = diagonal;
        step = DIAGONAL;
      } else if (down > right) {
        best = down;
        step = DOWN;
      }
      sums[column + 1] = best + values[row * columns + column]!;
      steps[row * columns + column] = step;
    }
    [above, sums] = [sums, above];
  }
  const firstColumns = new Int32Array(rows);
  let row = rows - 1;
  let column = columns - 1;
  while (row > 0 || column > 0) {
    firstColumns[row] = column;
    const step = row === 0 ? RIGHT : column === 0 ? DOWN : steps[row * columns + column]!;
    if (step !== RIGHT) row--;
    if (step !== DOWN) column--;
  }
  firstColumns[0] = 0;
  return firstColumns;
}
