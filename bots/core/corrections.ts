/** What a member can say of a song by a button on the card of its analysis. */
import type { FactChanges, SongFacts } from '../../workflows/contract/analysis.ts';
import type { AnalysisResult } from '../../workflows/contract/sheets.ts';
import { relativeKey } from './relative-key.ts';

export const CORRECTIONS = ['half', 'double', 'three', 'four', 'shift', 'relative', 'heard'] as const;
export type Correction = (typeof CORRECTIONS)[number];

const NOTHING_SAID: { readonly [Name in keyof Required<SongFacts>]: null } = {
  tempoFactor: null,
  tempoBpm: null,
  downbeatSeconds: null,
  beatsPerBar: null,
  key: null,
};

/** Those that change what the card says: of its beat where it has one, of its key where it has one, of what was said where something was. */
export function correctionsOf({ facts, summary: { rhythm, key } }: AnalysisResult): readonly Correction[] {
  return CORRECTIONS.filter((correction) => {
    switch (correction) {
      case 'half':
      case 'double':
        return rhythm !== null;
      case 'three':
        return rhythm !== null && rhythm.timeSignature.beatsPerBar !== 3;
      case 'four':
        return rhythm !== null && rhythm.timeSignature.beatsPerBar !== 4;
      case 'shift':
        return rhythm?.secondBeatSeconds != null;
      case 'relative':
        return key !== null;
      case 'heard':
        return Object.keys(facts).length > 0;
    }
  });
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
    case 'shift':
      return summary.rhythm?.secondBeatSeconds == null ? {} : { downbeatSeconds: summary.rhythm.secondBeatSeconds };
    case 'relative':
      return summary.key === null ? {} : { key: relativeKey(summary.key) };
    case 'heard':
      return NOTHING_SAID;
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
