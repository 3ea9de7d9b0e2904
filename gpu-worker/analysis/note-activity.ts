// Which pitch classes sound in each slot of the grid, in the bass and above it.
import { whiten } from '../dsp/log-spectrum.ts';
import { createNonNegativeSolver } from '../dsp/non-negative-least-squares.ts';
import { BINS_PER_SEMITONE, pitchAxis } from './pitch-frames.ts';
import type { PitchFrames } from './pitch-frames.ts';

/** What sounds in one stretch of time. */
export interface SlotNotes {
  /** Share of each pitch class (0 is C) in the bass; they sum to 1, or less where there is hardly any. */
  readonly bass: Float32Array;
  /** The same for what lies above. */
  readonly treble: Float32Array;
  /** Mean magnitude over the pitch axis: how much sounds. */
  readonly level: number;
}

const PARTIALS = 16;
/** Each partial is so much of the one below it: for the lowest and the highest note, and evenly between (Mauch and Dixon 2010, 2.2). */
const PARTIAL_DECAY = [0.9, 0.6] as const;
/** Surroundings of a bin, for the background to take away: about an octave. */
const WHITEN_BINS = 12 * BINS_PER_SEMITONE + 1;
/** What varies by less than this share of the whole is not heard beside it. */
const WHITEN_FLOOR = 0.05;
const SWEEPS = 12;
/** Bass or treble with less than this share of all notes counts for less. */
const LEAST_SHARE = 0.1;
/** Notes are looked for from here (C1) … */
const LOWEST_NOTE = 24;
/** … to here (C7). */
const HIGHEST_NOTE = 96;

/**
 * Takes the mean spectrum of each slot apart into notes (non-negative least squares over harmonic series, after Mauch and Dixon 2010) and folds them
 * into pitch classes.
 *
 * @param edgesSeconds one more than there are slots
 */
export function noteActivity(frames: PitchFrames, edgesSeconds: readonly number[]): SlotNotes[] {
  const dictionary = harmonicSeries(frames);
  const solver = createNonNegativeSolver(dictionary, frames.bins, SWEEPS);
  const mean = new Float32Array(frames.bins);
  const white = new Float32Array(frames.bins);
  const notes = new Float32Array(dictionary.length);
  const slots: SlotNotes[] = [];
  for (let slot = 0; slot + 1 < edgesSeconds.length; slot++) {
    meanSpectrum(frames, edgesSeconds[slot]!, edgesSeconds[slot + 1]!, mean);
    whiten(mean, WHITEN_BINS, WHITEN_FLOOR, white);
    notes.fill(0);
    solver.solve(white, notes);
    slots.push({ ...pitchClasses(notes), level: average(mean) });
  }
  return slots;
}

function harmonicSeries(frames: PitchFrames): Float32Array[] {
  const axis = pitchAxis(0, frames.binHz, frames.binCount);
  const columns: Float32Array[] = [];
  for (let note = LOWEST_NOTE; note <= HIGHEST_NOTE; note++) {
    const linear = new Float32Array(frames.binCount);
    const height = (note - LOWEST_NOTE) / (HIGHEST_NOTE - LOWEST_NOTE);
    const decay = PARTIAL_DECAY[0] + height * (PARTIAL_DECAY[1] - PARTIAL_DECAY[0]);
    for (let partial = 1; partial <= PARTIALS; partial++) {
      const at = (partial * 440 * 2 ** ((note - 69) / 12)) / frames.binHz;
      for (let k = Math.max(0, Math.ceil(at - 2)); k <= Math.min(linear.length - 1, at + 2); k++) {
        linear[k]! += decay ** (partial - 1) * hannResponse(k - at);
      }
    }
    const column = new Float32Array(axis.bins);
    axis.map(linear, column);
    const length = Math.hypot(...column);
    columns.push(length > 0 ? column.map((value) => value / length) : column);
  }
  return columns;
}

/** Magnitude of a Hann window's transform, `bins` from its middle, where it is 1. */
function hannResponse(bins: number): number {
  const x = Math.abs(bins);
  if (x < 1e-6) return 1;
  if (Math.abs(x - 1) < 1e-6) return 0.5;
  return Math.abs(Math.sin(Math.PI * x) / (Math.PI * x * (1 - x * x)));
}

function meanSpectrum(frames: PitchFrames, startSeconds: number, endSeconds: number, mean: Float32Array): void {
  const last = Math.max(0, frames.frames - 1);
  const first = Math.min(last, Math.ceil(startSeconds * frames.frameRateHz));
  const end = Math.max(first + 1, Math.min(frames.frames, Math.ceil(endSeconds * frames.frameRateHz)));
  mean.fill(0);
  for (let frame = first; frame < end; frame++) {
    const at = frame * frames.bins;
    for (let bin = 0; bin < mean.length; bin++) mean[bin]! += frames.spectra[at + bin]! / (end - first);
  }
}

function pitchClasses(notes: Float32Array): { bass: Float32Array; treble: Float32Array } {
  const bass = new Float32Array(12);
  const treble = new Float32Array(12);
  notes.forEach((activity, index) => {
    const pitch = LOWEST_NOTE + index;
    bass[pitch % 12]! += activity * fall(pitch, 45, 57);
    treble[pitch % 12]! += activity * (1 - fall(pitch, 40, 52)) * fall(pitch, 72, 90);
  });
  const total = sumOf(bass) + sumOf(treble);
  return { bass: toShares(bass, total), treble: toShares(treble, total) };
}

/** 1 up to `from`, falling to 0 at `to`. */
function fall(pitch: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (to - pitch) / (to - from)));
}

/** Where there is little of the kind beside what else sounds, the shares sum to less than 1. */
function toShares(values: Float32Array, total: number): Float32Array {
  const sum = Math.max(sumOf(values), LEAST_SHARE * total);
  return sum > 0 ? values.map((value) => value / sum) : values;
}

function sumOf(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function average(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
