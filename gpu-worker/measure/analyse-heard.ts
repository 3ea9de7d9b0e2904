import { readFile } from 'node:fs/promises';
import { describeSong, songRhythm } from '../analysis/analyse-song.ts';
import { unpackEvidence } from '../analysis/pack-evidence.ts';
import { packRhythm, unpackRhythm } from '../analysis/pack-rhythm.ts';
import { rhythmFacts } from '../analysis/rhythm-facts.ts';
import { loadFft } from '../dsp/fft.ts';
import type { SongAnalysis, SongFacts } from '../../workflows/contract/analysis.ts';
import { drawAnalysis } from './draw-analysis.ts';
import type { OnProgress } from './open-wav.ts';

export interface HeardFiles {
  /** As `hearFile` gave it. */
  readonly evidencePath: string;
  /** As it was found before for the same facts of rhythm; null where it was not. */
  readonly rhythmPath: string | null;
  readonly facts: SongFacts;
}

export interface AnalysedSong {
  readonly analysis: SongAnalysis;
  /** A PNG file. */
  readonly picture: Uint8Array;
  /** To be kept; null where it is the one that was found before. */
  readonly newRhythm: Uint8Array | null;
}

/** Shares of the time that the steps take, by experience. */
const RHYTHM_DONE = 0.6;
const ANALYSIS_DONE = 0.85;

/** Analyses and draws a song of which is kept what was heard. Null where that is damaged. */
export async function analyseHeard(files: HeardFiles, onProgress: OnProgress): Promise<AnalysedSong | null> {
  await loadFft();
  const { evidencePath, rhythmPath, facts } = files;
  const evidence = unpackEvidence(await readFile(evidencePath));
  if (evidence === null) return null;
  const known = rhythmPath === null ? null : unpackRhythm(await readFile(rhythmPath));
  const rhythm = known === null ? songRhythm(evidence, rhythmFacts(facts)) : known.rhythm;
  onProgress(RHYTHM_DONE);
  const analysis = describeSong(evidence, rhythm, facts.key);
  onProgress(ANALYSIS_DONE);
  const picture = drawAnalysis(analysis, evidence.outline);
  return { analysis, picture, newRhythm: known === null ? packRhythm(rhythm) : null };
}
