import type { SongAnalysis, SongFacts } from '../../workflows/contract/analysis.ts';
import type { AnalysisDocument } from '../../workflows/contract/sheets.ts';

/** `analysis.json`, as it is handed over. */
export function analysisDocument(title: string, analysis: SongAnalysis, facts: SongFacts): AnalysisDocument {
  const { rhythm, ...others } = analysis;
  const { durationSeconds, key, chords, sections, tuningCents, loudnessLufs, peakDbtp, loudnessRangeLu } = others;
  return {
    title,
    durationSeconds,
    tempoBpm: rhythm?.tempoBpm ?? null,
    tempoConfidence: rhythm?.confidence ?? null,
    tempoCurve: rhythm?.tempoCurve ?? [],
    beatsSeconds: rhythm?.beatsSeconds ?? [],
    downbeatsSeconds: rhythm?.downbeatsSeconds ?? [],
    timeSignature: rhythm?.timeSignature ?? null,
    swing: rhythm?.swing ?? null,
    key,
    chords,
    sections,
    tuningCents,
    loudnessLufs,
    peakDbtp,
    loudnessRangeLu,
    genre: others.genre,
    mood: others.mood,
    facts,
  };
}
