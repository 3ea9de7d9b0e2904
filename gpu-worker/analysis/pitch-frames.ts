// The spectrum of a song on a semitone axis that fits its tuning, frame after frame.
import { decimate } from '../dsp/decimate.ts';
import { isFftSize } from '../dsp/fft.ts';
import { createLogSpectrum } from '../dsp/log-spectrum.ts';
import { createStft } from '../dsp/stft.ts';
import type { Stft } from '../dsp/stft.ts';
import { createTuningMeter } from '../dsp/tuning.ts';
import { hannPeriodic } from '../dsp/window.ts';

/** Rates are brought down to this or up to twice as much: notes up to MIDI 108 and their tuning need no more. */
const ANALYSIS_RATE_HZ = 11_025;
/** Parts neighbouring semitones from about 110 Hz on; below, overtones tell them apart. */
const WINDOW_SECONDS = 0.37;
const HOP_SECONDS = 0.046;
/** Tuning is read from every so many frames. */
const TUNING_STRIDE = 6;

const LOWEST_PITCH = 21;
const PITCH_COUNT = 88;
export const BINS_PER_SEMITONE = 3;

export interface PitchFrames {
  /** Frame f is centred on f / frameRateHz seconds. */
  readonly frameRateHz: number;
  readonly frames: number;
  /** `BINS_PER_SEMITONE` for each pitch from {@link LOWEST_PITCH} on, the middle one at the pitch itself. */
  readonly bins: number;
  /** Magnitudes, `frames` × `bins`. */
  readonly spectra: Float32Array;
  readonly tuning: { readonly cents: number; readonly agreement: number } | null;
  /** Hz between the bins of the linear spectra that these came from: how far their window blurs them. */
  readonly binHz: number;
  readonly binCount: number;
}

/**
 * @param mono at `rateHz`
 * @param onFraction called with the share of the work that is done
 */
export function computePitchFrames(
  mono: Float32Array,
  rateHz: number,
  onFraction: (fraction: number) => void = () => {},
): PitchFrames {
  const factor = Math.max(1, Math.floor(rateHz / ANALYSIS_RATE_HZ));
  const signal = decimate(mono, factor);
  const rate = rateHz / factor;
  const size = nearestFftSize(WINDOW_SECONDS * rate);
  const hop = Math.max(1, Math.round(HOP_SECONDS * rate));
  const stft = createStft({ size, hop, window: hannPeriodic(size), pad: 'centre-zero' });
  const frames = stft.frameCount(signal.length);
  const binHz = rate / size;
  const reader = createMagnitudeReader(stft, signal);

  const meter = createTuningMeter(binHz);
  for (let frame = 0; frame < frames; frame += TUNING_STRIDE) meter.push(reader(frame));
  const tuning = meter.reading();

  const axis = pitchAxis(tuning?.cents ?? 0, binHz, stft.bins);
  const spectra = new Float32Array(frames * axis.bins);
  for (let frame = 0; frame < frames; frame++) {
    axis.map(reader(frame), spectra.subarray(frame * axis.bins, (frame + 1) * axis.bins));
    if (frame % 256 === 0) onFraction(frame / frames);
  }
  return { frameRateHz: rate / hop, frames, bins: axis.bins, spectra, tuning, binHz, binCount: stft.bins };
}

/** The axis of {@link PitchFrames}, for an A4 so many cents from 440 Hz. */
export function pitchAxis(cents: number, binHz: number, binCount: number): ReturnType<typeof createLogSpectrum> {
  const below = (BINS_PER_SEMITONE - 1) / 2 / BINS_PER_SEMITONE;
  return createLogSpectrum({
    lowestHz: 440 * 2 ** ((LOWEST_PITCH - below - 69 + cents / 100) / 12),
    semitones: PITCH_COUNT,
    binsPerSemitone: BINS_PER_SEMITONE,
    binHz,
    binCount,
  });
}

function createMagnitudeReader(stft: Stft, signal: Float32Array): (frame: number) => Float32Array {
  const spectrum = new Float32Array(stft.stride);
  const magnitudes = new Float32Array(stft.bins);
  const scale = 4 / stft.size;
  return (frame) => {
    stft.analyse(signal, frame * stft.hop - stft.size / 2, spectrum, 0);
    for (let k = 0; k < magnitudes.length; k++) {
      const re = spectrum[2 * k]!;
      const im = spectrum[2 * k + 1]!;
      magnitudes[k] = scale * Math.sqrt(re * re + im * im);
    }
    return magnitudes;
  };
}

function nearestFftSize(samples: number): number {
  for (let away = 0; ; away++) {
    for (const size of [Math.round(samples) - away, Math.round(samples) + away]) if (isFftSize(size)) return size;
  }
}
