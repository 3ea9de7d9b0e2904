// Non-negative least squares, for taking a spectrum apart into notes.

export interface NonNegativeSolver {
  /**
   * x >= 0 that brings ‖Dx - v‖² near its least.
   * @param v `rows` numbers @param x `columns` numbers: where to begin, and the answer
   */
  solve(v: Float32Array, x: Float32Array): void;
}

/**
 * By cyclic coordinate descent on the normal equations: each unknown in turn is set to its best value with all others held (Franc, Hlaváč and Navara
 * 2005, "Sequential coordinate-wise algorithm for the non-negative least squares problem").
 *
 * @param dictionary D, column after column of `rows` numbers @param sweeps over all unknowns
 */
export function createNonNegativeSolver(
  dictionary: readonly Float32Array[],
  rows: number,
  sweeps: number,
): NonNegativeSolver {
  const columns = dictionary.length;
  const gram = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j <= i; j++) {
      const value = dot(dictionary[i]!, dictionary[j]!, rows);
      gram[i * columns + j] = value;
      gram[j * columns + i] = value;
    }
  }
  const gradient = new Float64Array(columns);
  return {
    solve(v, x) {
      for (let i = 0; i < columns; i++) gradient[i] = -dot(dictionary[i]!, v, rows);
      for (let i = 0; i < columns; i++) if (x[i]! > 0) addRow(gram, columns, i, x[i]!, gradient);
      for (let sweep = 0; sweep < sweeps; sweep++) {
        for (let i = 0; i < columns; i++) {
          const curvature = gram[i * columns + i]!;
          if (curvature === 0) continue;
          const before = x[i]!;
          const after = Math.max(0, before - gradient[i]! / curvature);
          if (after === before) continue;
          x[i] = after;
          addRow(gram, columns, i, x[i]! - before, gradient);
        }
      }
    },
  };
}

function addRow(gram: Float64Array, columns: number, row: number, factor: number, gradient: Float64Array): void {
  const at = row * columns;
  for (let j = 0; j < columns; j++) gradient[j]! += factor * gram[at + j]!;
}

function dot(a: Float32Array, b: Float32Array, length: number): number {
  let sum = 0;
  for (let n = 0; n < length; n++) sum += a[n]! * b[n]!;
  return sum;
}
