// Everything that can be said of a song from its sound: rhythm, harmony, form, loudness.
import type { SongAnalysis, SongFacts } from '../../workflows/contract/analysis.ts';
import { createLoudnessMeter } from '../dsp/loudness.ts';
import { createTruePeakMeter } from '../dsp/true-peak.ts';
import { findHarmony } from './harmony.ts';
import { findRhythm } from './rhythm.ts';
import { findSections } from './sections.ts';

export interface SongSamples {
  readonly left: Float32Array;
  /** Null for one channel. */
  readonly right: Float32Array | null;
  readonly sampleRateHz: number;
}

export interface AnalysisOptions {
  /** What a musician has said; what depends on it follows. */
  readonly facts?: SongFacts;
  /** Looked at between the steps, of which the longest takes about a second for three minutes of sound. */
  readonly signal?: AbortSignal;
  /** Share of the work that is done, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** Shares of the time that the steps take, by experience. */
const RHYTHM_DONE = 0.45;
const HARMONY_DONE = 0.9;

/**
 * Whatever the sound, there is an answer: silence, noise and speech have no beat and no key, one chord `N` and low confidences.
 * `loadFft()` must have finished. Blocks its thread. Thrown: the signal's reason.
 */
export function analyseSong(samples: SongSamples, options: AnalysisOptions = {}): SongAnalysis {
  const { facts = {}, signal, onProgress = () => {} } = options;
  const { sampleRateHz } = samples;
  const durationSeconds = samples.left.length / sampleRateHz;
  const report = (fraction: number): void => {
    signal?.throwIfAborted();
    onProgress(fraction);
  };
  report(0);
  const mono = mixDown(samples);
  const rhythm = findRhythm(mono, sampleRateHz, facts);
  report(RHYTHM_DONE);
  const harmony = findHarmony(mono, sampleRateHz, {
    rhythm,
    ...(facts.key === undefined ? {} : { key: facts.key }),
    onProgress: (share) => {
      report(RHYTHM_DONE + share * (HARMONY_DONE - RHYTHM_DONE));
    },
  });
  const sections = findSections(harmony, rhythm);
  report(HARMONY_DONE);
  const levels = measureLevels(samples);
  report(1);
  return {
    durationSeconds,
    rhythm,
    key: harmony.key,
    chords: harmony.chords,
    sections,
    tuningCents: harmony.tuningCents,
    ...levels,
    genre: null,
    mood: null,
  };
}

function mixDown({ left, right }: SongSamples): Float32Array {
  if (right === null) return left;
  const mono = new Float32Array(left.length);
  for (let n = 0; n < mono.length; n++) mono[n] = 0.5 * (left[n]! + right[n]!);
  return mono;
}

function measureLevels({
  left,
  right,
  sampleRateHz,
}: SongSamples): Pick<SongAnalysis, 'loudnessLufs' | 'peakDbtp' | 'loudnessRangeLu'> {
  const channels = right === null ? [left] : [left, right];
  const format = { rateHz: sampleRateHz, channels: channels.length };
  const loudness = createLoudnessMeter(format);
  const truePeak = createTruePeakMeter(format);
  loudness.push(channels);
  truePeak.push(channels);
  return {
    loudnessLufs: loudness.integratedLufs(),
    peakDbtp: truePeak.peakDbtp(),
    loudnessRangeLu: loudness.rangeLu(),
  };
}
