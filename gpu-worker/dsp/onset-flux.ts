// How much sound begins in each frame: sudden rises by frequency band, and slow ones, of instruments that swell.
import { createRealFft, isFftSize } from './fft.ts';
import { hannPeriodic } from './window.ts';

/** Frames a second of every function of time here. */
export const ONSET_FRAMES_PER_SECOND = 100;

const WINDOW_SECONDS = 0.046;
/** Frames between the spectra that are compared: what a window of that length needs to change by half. */
const LAG_FRAMES = 2;
const FILTERS_PER_OCTAVE = 12;
const LOWEST_HZ = 30;
const HIGHEST_HZ = 10_500;
/** Of the logarithm log(1 + x·…): magnitudes 60 dB under a full sine begin to count once the song's level is set to {@link LEVEL_RMS}. */
const COMPRESSION = 1000;
const LEVEL_RMS = 0.1;
/** Longer than one turn of a tremolo. */
const SLOW_FRAMES = 16;
/** Rises in nepers that are none, of a slow change. */
const SLOW_FLOOR = 0.3;

/** Log magnitudes by frame and filter; filters are semitones, or single bins where those are wider. */
export interface LogSpectrogram {
  readonly frames: number;
  readonly centresHz: readonly number[];
  /** Frame after frame. Nepers over 60 dB below the song's level. */
  readonly levels: Float32Array;
}

/**
 * @param samples one channel; its level does not matter
 * `loadFft()` must have finished.
 */
export function logSpectrogram(samples: Float32Array, rateHz: number): LogSpectrogram {
  const size = nearestFftSize(rateHz * WINDOW_SECONDS);
  const filters = createFilters(size, rateHz);
  const frames = Math.floor((samples.length / rateHz) * ONSET_FRAMES_PER_SECOND) + 1;
  const levels = new Float32Array(frames * filters.length);
  const fft = createRealFft(size);
  const scale = levelScale(samples) / (size / 4);
  const window = hannPeriodic(size).map((w) => w * scale);
  const magnitudes = new Float32Array(size / 2 + 1);
  for (let frame = 0; frame < frames; frame++) {
    const { time, spectrum } = fft.buffers();
    const start = Math.round((frame * rateHz) / ONSET_FRAMES_PER_SECOND) - size / 2;
    for (let n = 0; n < size; n++) time[n] = (samples[start + n] ?? 0) * window[n]!;
    fft.forwardBuffers();
    for (let bin = 0; bin < magnitudes.length; bin++)
      magnitudes[bin] = Math.sqrt(spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2);
    filters.forEach(({ firstBin, weights }, k) => {
      let sum = 0;
      for (let n = 0; n < weights.length; n++) sum += weights[n]! * magnitudes[firstBin + n]!;
      levels[frame * filters.length + k] = Math.log1p(COMPRESSION * sum);
    });
  }
  return { frames, centresHz: filters.map(({ centreHz }) => centreHz), levels };
}

/**
 * Sudden rises: spectral flux against a maximum filter (Böck and Widmer 2013, "Maximum filter vibrato suppression for onset detection", DAFx), so
 * that a gliding voice counts less than a struck string.
 * @param edgesHz rising: band k reaches from edge k up to edge k + 1
 * @returns a function of time for each band, mean rise of its filters in nepers; 0 where it has none
 */
export function onsetFlux({ frames, centresHz, levels }: LogSpectrogram, edgesHz: readonly number[]): Float32Array[] {
  const filters = centresHz.length;
  return edgesHz.slice(1).map((edge, band) => {
    const flux = new Float32Array(frames);
    const first = centresHz.findIndex((hz) => hz >= edgesHz[band]!);
    const last = centresHz.findLastIndex((hz) => hz < edge);
    if (first < 0 || last < first) return flux;
    for (let frame = LAG_FRAMES; frame < frames; frame++) {
      const now = frame * filters;
      const before = now - LAG_FRAMES * filters;
      let sum = 0;
      for (let k = first; k <= last; k++) {
        const below = k > 0 ? levels[before + k - 1]! : 0;
        const above = k + 1 < filters ? levels[before + k + 1]! : 0;
        sum += Math.max(0, levels[now + k]! - Math.max(below, levels[before + k]!, above));
      }
      flux[frame] = sum / (last - first + 1);
    }
    return flux;
  });
}

/**
 * Slow rises: what each filter holds on average over a tremolo's turn after a moment, over what it held before.
 * @returns mean rise of the filters in nepers
 */
export function slowFlux({ frames, centresHz, levels }: LogSpectrogram): Float32Array {
  const filters = centresHz.length;
  const flux = new Float32Array(frames);
  const sums = new Float64Array(frames + 1);
  for (let k = 0; k < filters; k++) {
    for (let t = 0; t < frames; t++) sums[t + 1] = sums[t]! + levels[t * filters + k]!;
    for (let t = 0; t < frames; t++) {
      const from = Math.max(0, t - SLOW_FRAMES);
      const to = Math.min(frames, t + SLOW_FRAMES);
      const rise = (sums[to]! - sums[t]!) / SLOW_FRAMES - (sums[t]! - sums[from]!) / SLOW_FRAMES;
      if (rise > SLOW_FLOOR) flux[t]! += (rise - SLOW_FLOOR) / filters;
    }
  }
  return flux;
}

interface Filter {
  readonly centreHz: number;
  readonly firstBin: number;
  readonly weights: Float32Array;
}

/** Triangles between neighbouring centres that share no bin as their peak; low ones are single bins. */
function createFilters(size: number, rateHz: number): Filter[] {
  const centres: number[] = [];
  for (let step = 0; ; step++) {
    const hz = LOWEST_HZ * 2 ** (step / FILTERS_PER_OCTAVE);
    const bin = Math.round((hz * size) / rateHz);
    if (hz > HIGHEST_HZ || bin >= size / 2) break;
    if (bin > 0 && bin !== centres.at(-1)) centres.push(bin);
  }
  return centres.slice(1, -1).map((centre, n) => {
    const low = centres[n]!;
    const high = centres[n + 2]!;
    const weights = new Float32Array(high - low - 1);
    for (let bin = low + 1; bin < high; bin++)
      weights[bin - low - 1] = bin <= centre ? (bin - low) / (centre - low) : (high - bin) / (high - centre);
    return { centreHz: (centre * rateHz) / size, firstBin: low + 1, weights };
  });
}

function nearestFftSize(samples: number): number {
  let size = Math.max(32, Math.round(samples / 32) * 32);
  while (!isFftSize(size)) size += 32;
  return size;
}

function levelScale(samples: Float32Array): number {
  let sum = 0;
  for (const x of samples) sum += x * x;
  return sum > 0 ? LEVEL_RMS / Math.sqrt(sum / samples.length) : 0;
}
