import type { SongAnalysis, SongRhythm } from '../../workflows/contract/analysis.ts';
import type { AnalysisSummary, RhythmSummary } from '../../workflows/contract/sheets.ts';

const MOST_CHORDS = 8;
const MOST_SECTIONS = 24;

/** What fits on a card, and into a workflow's history. */
export function summariseAnalysis({ rhythm, chords, sections, ...others }: SongAnalysis): AnalysisSummary {
  return {
    ...others,
    rhythm: rhythm === null ? null : summariseRhythm(rhythm),
    chords: longestChords(chords),
    sections: sections
      .slice(0, MOST_SECTIONS)
      .map(({ startSeconds, letter, name }) => ({ startSeconds, letter, name })),
  };
}

function summariseRhythm(rhythm: SongRhythm): RhythmSummary {
  const { tempoBpm, confidence, tempoCurve, timeSignature, swing, beatsSeconds, downbeatsSeconds } = rhythm;
  const [firstDownbeat] = downbeatsSeconds;
  const tempi = [tempoBpm, ...tempoCurve.map((reading) => reading.tempoBpm)];
  return {
    tempoBpm,
    confidence,
    timeSignature,
    swing,
    slowestBpm: Math.min(...tempi),
    fastestBpm: Math.max(...tempi),
    secondBeatSeconds: beatsSeconds.find((at) => firstDownbeat !== undefined && at > firstDownbeat) ?? null,
  };
}

function longestChords(chords: SongAnalysis['chords']): string[] {
  const seconds = new Map<string, number>();
  for (const { label, startSeconds, endSeconds } of chords) {
    if (label !== 'N') seconds.set(label, (seconds.get(label) ?? 0) + endSeconds - startSeconds);
  }
  return [...seconds]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, MOST_CHORDS)
    .map(([label]) => label);
}
