import { readFile } from 'node:fs/promises';
import { describeSong, songRhythm } from '../analysis/analyse-song.ts';
import type { HarmonyGrid } from '../analysis/harmony-grid.ts';
import type { SongEvidence } from '../analysis/hear-song.ts';
import type { BeatActivations, ChordActivations } from '../analysis/heard-by-network.ts';
import { unpackEvidence } from '../analysis/pack-evidence.ts';
import { packRhythm, unpackRhythm } from '../analysis/pack-rhythm.ts';
import { unpackValues } from '../analysis/packed-values.ts';
import { rhythmFacts } from '../analysis/rhythm-facts.ts';
import type { RhythmFacts } from '../analysis/rhythm-facts.ts';
import { rhythmOf } from '../beats/rhythm-of.ts';
import { activationScores } from '../chords/chord-activations-scores.ts';
import { loadFft } from '../dsp/fft.ts';
import { guessStyle } from '../style/guess-style.ts';
import type { StyleActivations } from '../style/hear-style.ts';
import type { SongAnalysis, SongFacts, SongRhythm } from '../../workflows/contract/analysis.ts';
import { drawAnalysis } from './draw-analysis.ts';
import type { OnProgress } from './open-wav.ts';

/** What of a song is heard: `evidence` is as `hearFile` gave it, the others are packed activations of networks. */
export type HeardFile = 'evidence' | 'beats' | 'chords' | 'style';

export interface HeardFiles {
  /** Null for a network that was not asked; `rhythm` as it was found before for the same facts of rhythm, null where it was not. */
  readonly paths: Readonly<Record<HeardFile | 'rhythm', string | null>>;
  readonly facts: SongFacts;
}

export interface DamagedSong {
  /** What has to be heard again; at least one. */
  readonly damaged: readonly HeardFile[];
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

/** Analyses and draws a song of which is kept what was heard, unless something of that is damaged. A damaged rhythm is found again. */
export async function analyseHeard(
  { paths, facts }: HeardFiles,
  onProgress: OnProgress,
): Promise<AnalysedSong | DamagedSong> {
  await loadFft();
  const evidence = await unpack(paths.evidence, unpackEvidence);
  const beats = await unpack(paths.beats, (packed) => unpackValues(packed) as BeatActivations | null);
  const chords = await unpack(paths.chords, (packed) => unpackValues(packed) as ChordActivations | null);
  const style = await unpack(paths.style, (packed) => unpackValues(packed) as StyleActivations | null);
  const damaged: HeardFile[] = [];
  if (beats === null && paths.beats !== null) damaged.push('beats');
  if (chords === null && paths.chords !== null) damaged.push('chords');
  if (style === null && paths.style !== null) damaged.push('style');
  if (evidence === null) return { damaged: ['evidence', ...damaged] };
  if (damaged.length > 0) return { damaged };
  const known = await unpack(paths.rhythm, unpackRhythm);
  const rhythm = known === null ? findRhythm(evidence, rhythmFacts(facts), beats) : known.rhythm;
  onProgress(RHYTHM_DONE);
  const heard = chords === null ? null : (grid: HarmonyGrid) => activationScores(chords, grid);
  const described = describeSong(evidence, rhythm, { key: facts.key, heard });
  const analysis = style === null ? described : { ...described, ...guessStyle(style) };
  onProgress(ANALYSIS_DONE);
  const picture = drawAnalysis(analysis, evidence.outline);
  return { analysis, picture, newRhythm: known === null ? packRhythm(rhythm) : null };
}

function findRhythm(evidence: SongEvidence, facts: RhythmFacts, beats: BeatActivations | null): SongRhythm | null {
  return songRhythm(evidence, facts, beats === null ? null : rhythmOf(beats, facts));
}

async function unpack<T>(path: string | null, from: (packed: Uint8Array) => T | null): Promise<T | null> {
  return path === null ? null : from(await readFile(path));
}
