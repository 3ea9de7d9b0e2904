// A song's rhythm, as it is kept for the facts that it was found with.
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import { packValues, unpackValues } from './packed-values.ts';

interface KeptRhythm {
  /** Null where there is no beat. */
  readonly rhythm: SongRhythm | null;
}

export function packRhythm(rhythm: SongRhythm | null): Uint8Array {
  const kept: KeptRhythm = { rhythm };
  return packValues(kept);
}

/** Null where it is damaged. */
export function unpackRhythm(packed: Uint8Array): KeptRhythm | null {
  return unpackValues(packed) as KeptRhythm | null;
}
