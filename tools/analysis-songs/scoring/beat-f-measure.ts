/** How well beats are found, as mir_eval's `beat.f_measure` does after `trim_beats`. */

/** Beats before this are not counted, on either side. */
const COUNTED_FROM_SECONDS = 5;
/** An estimate this near counts, once. */
const WINDOW_SECONDS = 0.07;

/** 0 to 1; 0 where there is nothing on either side. Both rise. */
export function beatFMeasure(truthSeconds: readonly number[], estimatedSeconds: readonly number[]): number {
  const truth = truthSeconds.filter((beat) => beat >= COUNTED_FROM_SECONDS);
  const estimated = estimatedSeconds.filter((beat) => beat >= COUNTED_FROM_SECONDS);
  if (truth.length === 0 || estimated.length === 0) return 0;
  // On a line, taking the earliest pair that fits makes as many pairs as any matching.
  let [pairs, at] = [0, 0];
  for (const beat of truth) {
    while (at < estimated.length && (estimated[at] ?? 0) < beat - WINDOW_SECONDS) at += 1;
    if (at < estimated.length && (estimated[at] ?? 0) <= beat + WINDOW_SECONDS) {
      pairs += 1;
      at += 1;
    }
  }
  return (2 * pairs) / (truth.length + estimated.length);
}
