// What is heard in a song before anybody says anything of it: all that is read from its samples.
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import { createLoudnessMeter } from '../dsp/loudness.ts';
import { createPeakMeter } from '../dsp/peaks.ts';
import type { PeakColumns } from '../dsp/peaks.ts';
import { createTruePeakMeter } from '../dsp/true-peak.ts';
import { levelsOfCodes, toLevelCodes } from './level-codes.ts';
import { computePitchFrames } from './pitch-frames.ts';
import type { PitchFrames } from './pitch-frames.ts';
import { rhythmEvidence } from './rhythm-evidence.ts';
import type { SongOnsets } from './rhythm-evidence.ts';

export interface SongSamples {
  readonly left: Float32Array;
  /** Null for one channel. */
  readonly right: Float32Array | null;
  readonly sampleRateHz: number;
}

/** Everything that an analysis needs of the sound; plain values and typed arrays. */
export interface SongEvidence {
  readonly durationSeconds: number;
  readonly onsets: SongOnsets;
  /** The magnitudes are those that their codes say. */
  readonly pitch: PitchFrames;
  readonly levels: Pick<SongAnalysis, 'loudnessLufs' | 'peakDbtp' | 'loudnessRangeLu'>;
  /** For the picture: more columns than it is wide, as it is drawn in several rows. */
  readonly outline: PeakColumns;
}

export interface HearingOptions {
  /** Looked at between the steps, of which the longest takes about a second for three minutes of sound. */
  readonly signal?: AbortSignal | undefined;
  /** Share of the work that is done, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Shares of the time that the steps take, by experience. */
const ONSETS_DONE = 0.5;
const PITCH_DONE = 0.85;
const OUTLINE_COLUMNS = 9600;

/** `loadFft()` must have finished. Blocks its thread. Thrown: the signal's reason. */
export function hearSong(samples: SongSamples, { signal, onProgress }: HearingOptions = {}): SongEvidence {
  const { sampleRateHz } = samples;
  const report = (fraction: number): void => {
    signal?.throwIfAborted();
    onProgress?.(fraction);
  };
  report(0);
  const mono = mixDown(samples);
  const onsets = rhythmEvidence(mono, sampleRateHz);
  report(ONSETS_DONE);
  const pitch = computePitchFrames(mono, sampleRateHz, (share) => {
    report(ONSETS_DONE + share * (PITCH_DONE - ONSETS_DONE));
  });
  report(PITCH_DONE);
  const evidence = {
    durationSeconds: mono.length / sampleRateHz,
    onsets,
    // As they are kept: what is found must not depend on whether it was kept.
    pitch: { ...pitch, spectra: levelsOfCodes(toLevelCodes(pitch.spectra)) },
    ...measureSides(samples),
  };
  report(1);
  return evidence;
}

function mixDown({ left, right }: SongSamples): Float32Array {
  if (right === null) return left;
  const mono = new Float32Array(left.length);
  for (let n = 0; n < mono.length; n++) mono[n] = 0.5 * (left[n]! + right[n]!);
  return mono;
}

function measureSides({ left, right, sampleRateHz }: SongSamples): Pick<SongEvidence, 'levels' | 'outline'> {
  const channels = right === null ? [left] : [left, right];
  const format = { rateHz: sampleRateHz, channels: channels.length };
  const loudness = createLoudnessMeter(format);
  const truePeak = createTruePeakMeter(format);
  const peaks = createPeakMeter({ samples: left.length, channels: channels.length, columns: OUTLINE_COLUMNS });
  for (const meter of [loudness, truePeak, peaks]) meter.push(channels);
  return {
    levels: {
      loudnessLufs: loudness.integratedLufs(),
      peakDbtp: truePeak.peakDbtp(),
      loudnessRangeLu: loudness.rangeLu(),
    },
    outline: peaks.columns(),
  };
}
