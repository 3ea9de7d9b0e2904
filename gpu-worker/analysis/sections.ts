// The parts of a song: where they begin, and which of them are the same.
import type { SectionSpan, SongRhythm } from '../../workflows/contract/analysis.ts';
import { selfSimilarity } from '../dsp/self-similarity.ts';
import { barFeatures } from './bar-features.ts';
import type { Harmony } from './harmony.ts';
import { joinPhrases } from './join-phrases.ts';
import { nameSections } from './name-sections.ts';
import { findPhrases } from './phrases.ts';

/** Squared distance of bars that differ about as little as two times through the same part. */
const LEAST_CONTRAST = 0.6;

/**
 * Sections tile the song and begin on downbeats, or every two seconds where there are none: phrases that come again, joined where they always follow each
 * other.
 */
export function findSections(harmony: Harmony, rhythm: SongRhythm | null): SectionSpan[] {
  const durationSeconds = harmony.grid.edgesSeconds.at(-1)!;
  const bars = durationSeconds > 0 ? barFeatures(harmony, rhythm) : [];
  if (bars.length === 0) return [];
  const similarity = selfSimilarity(
    bars.map(({ vector }) => vector),
    LEAST_CONTRAST,
  );
  const spans = joinPhrases(findPhrases(similarity)).map(({ from, to, letter }) => ({
    startSeconds: bars[from]!.startSeconds,
    endSeconds: bars[to]?.startSeconds ?? durationSeconds,
    letter,
    levelDb: bars.slice(from, to).reduce((sum, { levelDb }) => sum + levelDb, 0) / (to - from),
  }));
  const names = nameSections(spans);
  return spans.map(({ startSeconds, endSeconds, letter }, index) => ({
    startSeconds,
    endSeconds,
    letter,
    name: names[index]!,
  }));
}
