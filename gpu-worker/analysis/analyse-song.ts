// Everything that can be said of a song: from its sound what is heard, from that its rhythm, from both its harmony and form. Where networks were asked,
// `../measure/analyse-heard.ts` brings what they hear.
import type { SongAnalysis, SongFacts, SongRhythm } from '../../workflows/contract/analysis.ts';
import { ONSET_FRAMES_PER_SECOND } from '../dsp/onset-flux.ts';
import { findHarmony } from './harmony.ts';
import type { HarmonyOptions } from './harmony.ts';
import { hearSong } from './hear-song.ts';
import type { HearingOptions, SongEvidence, SongSamples } from './hear-song.ts';
import { rhythmFacts } from './rhythm-facts.ts';
import type { RhythmFacts } from './rhythm-facts.ts';
import { findRhythm } from './rhythm.ts';
import { findSections } from './sections.ts';
import { swingOf } from './swing.ts';

export interface AnalysisOptions extends HearingOptions {
  /** What a musician has said; what depends on it follows. */
  readonly facts?: SongFacts;
}

/** Share of the time that hearing takes, by experience. */
const HEARING_SHARE = 0.7;

/**
 * Whatever the sound, there is an answer: silence, noise and speech have no beat and no key, one chord `N` and low confidences.
 * `loadFft()` must have finished. Blocks its thread. Thrown: the signal's reason.
 */
export function analyseSong(samples: SongSamples, options: AnalysisOptions = {}): SongAnalysis {
  const { facts = {}, signal, onProgress } = options;
  const evidence = hearSong(samples, { signal, onProgress: (fraction) => onProgress?.(HEARING_SHARE * fraction) });
  const rhythm = songRhythm(evidence, rhythmFacts(facts), null);
  signal?.throwIfAborted();
  const analysis = describeSong(evidence, rhythm, { key: facts.key });
  onProgress?.(1);
  return analysis;
}

/**
 * Null where there is no beat. `loadFft()` must have finished.
 * @param heard what a network's beats come to, which holds where there is one; what lies between the beats is heard without it
 */
export function songRhythm({ onsets }: SongEvidence, facts: RhythmFacts, heard: SongRhythm | null): SongRhythm | null {
  if (heard === null) return findRhythm(onsets, facts);
  const beatFrames = Int32Array.from(heard.beatsSeconds, (at) => Math.round(at * ONSET_FRAMES_PER_SECOND));
  return { ...heard, swing: swingOf(onsets.evidence, beatFrames) };
}

/** @param told the key that a musician has said, and what a network's chords come to */
export function describeSong(
  evidence: SongEvidence,
  rhythm: SongRhythm | null,
  told: Omit<HarmonyOptions, 'rhythm'>,
): SongAnalysis {
  const { durationSeconds, pitch, levels } = evidence;
  const harmony = findHarmony(pitch, durationSeconds, { rhythm, ...told });
  return {
    durationSeconds,
    rhythm,
    key: harmony.key,
    chords: harmony.chords,
    sections: findSections(harmony, rhythm),
    tuningCents: harmony.tuningCents,
    ...levels,
    genre: null,
    mood: null,
  };
}
