import type { SongFacts } from '../../workflows/contract/analysis.ts';

/** What a musician may say of tempo, beats and bars. */
export type RhythmFacts = Omit<SongFacts, 'key'>;

/** Of all that was said, what rhythm depends on. */
export function rhythmFacts(facts: SongFacts): RhythmFacts {
  const { key: _, ...others } = facts;
  return others;
}

/** A hand taps within this factor of the song's tempo, and the song stays within it. */
export const TAPPED_WITHIN = 1.12;
