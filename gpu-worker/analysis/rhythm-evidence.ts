// From samples to what the bar tracker listens to.
import { CHROMA_FRAMES_PER_SECOND, chromaFlux, peakChroma } from '../dsp/chroma-flux.ts';
import { logSpectrogram, ONSET_FRAMES_PER_SECOND, onsetFlux, slowFlux } from '../dsp/onset-flux.ts';
import { pulsePath } from '../dsp/pulse-path.ts';
import type { KindEvidence, RhythmEvidence } from './bar-rates.ts';

/** How strongly the harmony changes; value n belongs to the time n / ratePerSecond. */
export interface HarmonicChange {
  readonly ratePerSecond: number;
  readonly values: Float32Array;
}

/** Kick and bass, what has a pitch, snare, cymbals. */
const EDGES_HZ = [30, 150, 1500, 5000, 11_000] as const;
/** An onset rises over the average of so much to either side. */
const FLOOR_FRAMES = 50;
const ONSET_REACH_FRAMES = 5;
const HARMONY_REACH_FRAMES = 12;
/** A frame's mass spreads over about this many frames. */
const FRAMES_PER_ONSET = 4;
/** Neighbouring onsets tell the same story twice. */
const BAND_WORTH = 0.4;
/** A change of harmony is a peak this much over the average around it. */
const HARMONY_PEAK = 0.03;
const SLOW_APART_SECONDS = 0.1;
const HARMONY_APART_SECONDS = 0.15;
/** Periods of the strongest pulse, in frames: 60 to 240 a minute. */
export const SHORTEST_PULSE = 25;
export const LONGEST_PULSE = 100;
/** How clear the pulse of noise is by chance, and that of a steady band. */
const CHANCE_CLARITY = 0.08;
const FULL_CLARITY = 0.35;
/** A band of less than this share of the loudest one's strength is left out. */
const FAINT = 0.05;
/** Peaks rise over the average of so much to either side. */
const AROUND_SECONDS = 1.5;
const SLOW_REACH_FRAMES = 8;
const SLOW_PEAK = 0.01;
const SLOW_LATE_SECONDS = 0.008;
/** Chords are clear only after their notes have begun. */
const HARMONY_LATE_SECONDS = 0.05;

export interface SongOnsets {
  readonly evidence: RhythmEvidence;
  /** All bands together, for the tempogram. */
  readonly onsets: Float32Array;
  /** Of everything that sounds, as in {@link peakChroma}, for the spans that chords last. */
  readonly pitchClasses: Float32Array;
}

/** `loadFft()` must have finished. */
export function rhythmEvidence(samples: Float32Array, rateHz: number, harmonicChange?: HarmonicChange): SongOnsets {
  const spectrogram = logSpectrogram(samples, rateHz);
  const { frames } = spectrogram;
  const bands = onsetFlux(spectrogram, EDGES_HZ);
  const loudest = Math.max(...bands.map(strength));
  const slow = peaksOf({ ratePerSecond: ONSET_FRAMES_PER_SECOND, values: slowFlux(spectrogram) }, frames, {
    lateSeconds: SLOW_LATE_SECONDS,
    apartSeconds: SLOW_APART_SECONDS,
    least: SLOW_PEAK,
  });
  const onsets = new Float32Array(frames);
  // A kind that knows no pulse, as the swelling of strings in a band of noise, is left out.
  const trusted = (values: Float32Array, reachFrames: number, worth: number): KindEvidence => {
    if (worth === 0) return kindEvidence(values, reachFrames, 0);
    const even = kindEvidence(values, reachFrames, 1);
    const { clarity } = pulsePath(even.nearby, SHORTEST_PULSE, LONGEST_PULSE);
    const trust = Math.max(0, Math.min(1, (clarity - CHANCE_CLARITY) / (FULL_CLARITY - CHANCE_CLARITY)));
    for (let t = 0; t < frames; t++) onsets[t]! += trust * (even.nearby[t]! / reachFrames);
    return kindEvidence(values, reachFrames, trust * worth);
  };
  const [low, middle, snap, high] = bands.map((band) => {
    const rise = aboveFloor(band);
    return trusted(rise, ONSET_REACH_FRAMES, strength(band) > FAINT * loudest ? BAND_WORTH * onsetCount(rise) : 0);
  });
  const notes = trusted(slow, SLOW_REACH_FRAMES, BAND_WORTH * peakCount(slow));
  const chroma = peakChroma(samples, rateHz);
  const changes = peaksOf(
    harmonicChange ?? { ratePerSecond: CHROMA_FRAMES_PER_SECOND, values: chromaFlux(chroma) },
    frames,
    { lateSeconds: HARMONY_LATE_SECONDS, apartSeconds: HARMONY_APART_SECONDS, least: HARMONY_PEAK },
  );
  const harmony = kindEvidence(changes, HARMONY_REACH_FRAMES, peakCount(changes));
  return {
    evidence: { low: low!, middle: middle!, snap: snap!, high: high!, notes, harmony },
    onsets,
    pitchClasses: chroma.whole,
  };
}

function peakCount(peaks: Float32Array): number {
  return peaks.reduce((count, height) => (height > 0 ? count + 1 : count), 0);
}

/** What rises over the mean of the half second around it. */
function aboveFloor(flux: Float32Array): Float32Array {
  const sums = new Float64Array(flux.length + 1);
  for (let t = 0; t < flux.length; t++) sums[t + 1] = sums[t]! + flux[t]!;
  return flux.map((value, t) => {
    const from = Math.max(0, t - FLOOR_FRAMES);
    const to = Math.min(flux.length, t + FLOOR_FRAMES + 1);
    return Math.max(0, value - (sums[to]! - sums[from]!) / (to - from));
  });
}

/** Root of the mean square. */
function strength(values: Float32Array): number {
  let sum = 0;
  for (const x of values) sum += x * x;
  return Math.sqrt(sum / values.length);
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const x of values) sum += x;
  return sum / values.length;
}

/** The number of equal onsets that would be as uneven as this function: (Σx)² / Σx². */
function onsetCount(rise: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const x of rise) {
    sum += x;
    squares += x * x;
  }
  return squares > 0 ? (sum * sum) / squares / FRAMES_PER_ONSET : 0;
}

function kindEvidence(values: Float32Array, reachFrames: number, worth: number): KindEvidence {
  const sum = mean(values) * values.length;
  const scale = sum > 0 ? worth / sum : 0;
  const mass = values.map((x) => x * scale);
  const nearby = new Float32Array(mass.length);
  for (let t = 0; t < mass.length; t++) {
    const m = mass[t]!;
    if (m === 0) continue;
    for (let d = 1 - reachFrames; d < reachFrames; d++)
      if (t + d >= 0 && t + d < nearby.length) nearby[t + d]! += m * (1 - Math.abs(d) / reachFrames);
  }
  return { mass, nearby, reachFrames };
}

/** The peaks of a slow function of time, each at its frame with its height over what surrounds it. */
function peaksOf(
  { ratePerSecond, values }: HarmonicChange,
  frames: number,
  { lateSeconds, apartSeconds, least }: { lateSeconds: number; apartSeconds: number; least: number },
): Float32Array {
  const peaks = new Float32Array(frames);
  const around = Math.round(AROUND_SECONDS * ratePerSecond);
  const apart = Math.max(1, Math.round(apartSeconds * ratePerSecond));
  for (let n = apart; n < values.length - apart; n++) {
    const here = values[n]!;
    let top = true;
    for (let d = 1; d <= apart && top; d++) top = here > values[n - d]! && here >= values[n + d]!;
    if (!top) continue;
    const height = here - mean(values.subarray(Math.max(0, n - around), n + around + 1));
    const frame = Math.round((n / ratePerSecond - lateSeconds) * ONSET_FRAMES_PER_SECOND);
    if (height > least && frame >= 0 && frame < frames) peaks[frame]! += height;
  }
  return peaks;
}
