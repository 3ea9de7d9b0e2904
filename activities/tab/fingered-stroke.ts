import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { Place } from './hand.ts';

/** A note with its place on the neck. */
export interface FingeredNote extends Place {
  readonly note: HeardNote;
  /** On the grid. */
  readonly endTick: number;
}

export interface FingeredStroke {
  readonly startTick: number;
  /** The fret of the index finger, from the capo. */
  readonly position: number;
  readonly notes: readonly FingeredNote[];
}
