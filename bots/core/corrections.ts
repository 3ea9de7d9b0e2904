/** What a member can say of a song by a button on the card of its analysis. */
import type { FactChanges } from '../../workflows/contract/analysis.ts';
import type { AnalysisResult } from '../../workflows/contract/sheets.ts';

export const CORRECTIONS = ['half', 'double', 'three', 'four'] as const;
export type Correction = (typeof CORRECTIONS)[number];

/** Those that change what the card says; none where there is no beat to speak of. */
export function correctionsOf({ summary }: AnalysisResult): readonly Correction[] {
  const beats = summary.rhythm?.timeSignature.beatsPerBar;
  return CORRECTIONS.filter(
    (correction) =>
      beats !== undefined && !(correction === 'three' && beats === 3) && !(correction === 'four' && beats === 4),
  );
}

/** What is then kept of the song. Counted from what the card shows, with what was said of it before. */
export function factsFrom(correction: Correction, { facts, summary }: AnalysisResult): FactChanges {
  switch (correction) {
    case 'half':
      return inTime(0.5, facts.tempoFactor ?? 1, facts.tempoBpm, summary.rhythm?.tempoBpm);
    case 'double':
      return inTime(2, facts.tempoFactor ?? 1, facts.tempoBpm, summary.rhythm?.tempoBpm);
    case 'three':
      return { beatsPerBar: 3 };
    case 'four':
      return { beatsPerBar: 4 };
  }
}

function inTime(
  by: 0.5 | 2,
  before: 0.5 | 1 | 2,
  saidBpm: number | undefined,
  foundBpm: number | undefined,
): FactChanges {
  const factor = by * before;
  if (saidBpm === undefined && factor === 1) return { tempoFactor: null };
  if (saidBpm === undefined && before === 1) return { tempoFactor: by };
  // A quarter or four times of what was found, or a part of what was tapped, is a tempo of its own.
  const bpm = saidBpm ?? foundBpm;
  return bpm === undefined ? {} : { tempoBpm: bpm * by, tempoFactor: null };
}
