// How alike the moments of a song are (Foote 1999, "Visualizing music and audio using self-similarity").

/** `count` × `count`, symmetric, 0 to 1 with 1 on the diagonal. */
export interface SelfSimilarity {
  readonly count: number;
  readonly values: Float32Array;
}

/**
 * exp(-d² / 2m) with d the Euclidean distance of two vectors and m the mean of all d², so that a song is measured by its own contrasts.
 * @param leastMean what m is at least, so that small differences stay small where there are no others
 */
export function selfSimilarity(vectors: readonly Float32Array[], leastMean: number): SelfSimilarity {
  const count = vectors.length;
  const values = new Float32Array(count * count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const square = squaredDistance(vectors[i]!, vectors[j]!);
      values[i * count + j] = square;
      values[j * count + i] = square;
      total += 2 * square;
    }
  }
  const mean = Math.max(leastMean, total / Math.max(1, count * (count - 1)));
  for (let n = 0; n < values.length; n++) values[n] = Math.exp(-values[n]! / (2 * mean));
  return { count, values };
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += (a[n]! - b[n]!) ** 2;
  return sum;
}
