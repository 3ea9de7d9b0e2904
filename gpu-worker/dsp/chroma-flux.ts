// Where the harmony changes: how far the pitch classes after a moment lie from those before it (after Harte, Sandler and Gasser 2006,
// "Detecting harmonic change in musical audio"), over three spans of time and for the bass apart.
import { createRealFft, isFftSize } from './fft.ts';
import { hannPeriodic } from './window.ts';

export const CHROMA_FRAMES_PER_SECOND = 20;

const WINDOW_SECONDS = 0.25;
export const PITCH_CLASSES = 12;
const A4_HZ = 440;
/** What is compared reaches this far to either side, in frames: a beat, two, a bar. */
const REACHES = [8, 16, 32] as const;
const BASS_WEIGHT = 0.5;

interface Register {
  readonly lowestHz: number;
  readonly highestHz: number;
  /** Of a peak's magnitude. */
  readonly exponent: number;
}
const WHOLE: Register = { lowestHz: 80, highestHz: 2100, exponent: 0.5 };
const BASS: Register = { lowestHz: 38, highestHz: 300, exponent: 1 };

/** Frame after frame of {@link CHROMA_FRAMES_PER_SECOND}, {@link PITCH_CLASSES} magnitudes each, A first. */
export interface PeakChroma {
  readonly whole: Float32Array;
  readonly bass: Float32Array;
}

/** @param samples one channel. `loadFft()` must have finished. */
export function peakChroma(samples: Float32Array, rateHz: number): PeakChroma {
  const [whole, bass] = chromaOf(samples, rateHz, [WHOLE, BASS]);
  return { whole: whole!, bass: bass! };
}

/** How strongly the harmony changes at each frame: 0 (the same pitch classes on both sides) to 1.5 (no common one). */
export function chromaFlux({ whole, bass }: PeakChroma): Float32Array {
  const flux = new Float32Array(whole.length / PITCH_CLASSES);
  for (const [chroma, weight] of [
    [whole, 1],
    [bass, BASS_WEIGHT],
  ] as const) {
    const sums = new Float64Array(chroma.length + PITCH_CLASSES);
    for (let n = 0; n < chroma.length; n++) sums[n + PITCH_CLASSES] = sums[n]! + chroma[n]!;
    for (const reach of REACHES)
      for (let frame = 0; frame < flux.length; frame++)
        flux[frame]! += (weight / REACHES.length) * distance(sums, flux.length, frame, reach);
  }
  return flux;
}

/** The magnitudes of the spectrum's peaks by pitch class. Peaks alone, so that drums, whose spectra are broad, weigh little. */
function chromaOf(samples: Float32Array, rateHz: number, registers: readonly Register[]): Float32Array[] {
  let size = Math.max(64, Math.round((rateHz * WINDOW_SECONDS) / 32) * 32);
  while (!isFftSize(size)) size += 32;
  const fft = createRealFft(size);
  const window = hannPeriodic(size);
  const frames = Math.floor((samples.length / rateHz) * CHROMA_FRAMES_PER_SECOND) + 1;
  const ranges = registers.map(({ lowestHz, highestHz, exponent }) => ({
    first: Math.max(2, Math.ceil((lowestHz * size) / rateHz)),
    last: Math.min(size / 2 - 2, Math.floor((highestHz * size) / rateHz)),
    exponent,
    chroma: new Float32Array(frames * PITCH_CLASSES),
  }));
  const top = Math.max(...ranges.map(({ last }) => last));
  const magnitudes = new Float32Array(top + 2);
  for (let frame = 0; frame < frames; frame++) {
    const { time, spectrum } = fft.buffers();
    const start = Math.round((frame * rateHz) / CHROMA_FRAMES_PER_SECOND) - size / 2;
    for (let n = 0; n < size; n++) time[n] = (samples[start + n] ?? 0) * window[n]!;
    fft.forwardBuffers();
    for (let bin = 1; bin <= top + 1; bin++)
      magnitudes[bin] = Math.sqrt(spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2);
    for (const { first, last, exponent, chroma } of ranges) {
      for (let bin = first; bin <= last; bin++) {
        const here = magnitudes[bin]!;
        const left = magnitudes[bin - 1]!;
        const right = magnitudes[bin + 1]!;
        if (here <= left || here < right) continue;
        const vertex = (right - left) / (2 * (2 * here - left - right));
        const pitch = Math.round(PITCH_CLASSES * Math.log2(((bin + vertex) * rateHz) / size / A4_HZ));
        const pitchClass = ((pitch % PITCH_CLASSES) + PITCH_CLASSES) % PITCH_CLASSES;
        chroma[frame * PITCH_CLASSES + pitchClass]! += here ** exponent;
      }
    }
  }
  return ranges.map(({ chroma }) => chroma);
}

/** 1 less the cosine between what sounds before a frame and after it; the frames next to it hear both sides and are left out. */
function distance(sums: Float64Array, frames: number, frame: number, reach: number): number {
  const start = Math.max(0, frame - reach);
  const before = Math.max(start, frame - 1);
  const after = Math.min(frames, frame + 2);
  const end = Math.min(frames, frame + 1 + reach);
  let dot = 0;
  let left = 0;
  let right = 0;
  for (let k = 0; k < PITCH_CLASSES; k++) {
    const a = sums[before * PITCH_CLASSES + k]! - sums[start * PITCH_CLASSES + k]!;
    const b = sums[end * PITCH_CLASSES + k]! - sums[after * PITCH_CLASSES + k]!;
    dot += a * b;
    left += a * a;
    right += b * b;
  }
  return left > 0 && right > 0 ? 1 - dot / Math.sqrt(left * right) : 0;
}
