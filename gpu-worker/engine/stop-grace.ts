/** When an engine process is killed for the sake of tasks that do not stop. */

export interface StopGrace {
  /** Where nobody else is in the process, who would lose work by its end. */
  readonly aloneMs: number;
  /** Where others are. */
  readonly sharedMs: number;
}

/**
 * The longest step between two chances to stop is a few seconds: a chunk of a beat network takes 2.4 s of a core, a spectrum for chords 2 s, and a core may
 * be shared by several. So whoever shares the process loses nothing by another's stop, unless something hangs.
 */
export const DEFAULT_STOP_GRACE: StopGrace = { aloneMs: 2000, sharedMs: 30_000 };

/**
 * How long the process may still live; null: nobody wants its end.
 * @param stopsMs of all its tasks: when each was told to stop, null where it was not
 */
export function graceLeftMs(
  stopsMs: readonly (number | null)[],
  nowMs: number,
  { aloneMs, sharedMs }: StopGrace,
): number | null {
  const told = stopsMs.filter((stopMs) => stopMs !== null);
  if (told.length === 0) return null;
  const graceMs = told.length === stopsMs.length ? aloneMs : sharedMs;
  return Math.max(0, Math.min(...told) + graceMs - nowMs);
}
