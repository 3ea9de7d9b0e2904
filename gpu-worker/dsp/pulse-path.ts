// The period of the strongest pulse through time: local autocorrelations, each period judged with its multiples (as the comb filters of
// Scheirer 1998, "Tempo and beat analysis of acoustic musical signals"), and the smoothest strong path through them.
import { createRealFft } from './fft.ts';

export interface PulsePath {
  /** Frames of the onset function between two readings; reading n is centred on frame n · stepFrames. */
  readonly stepFrames: number;
  /** Frames of the onset function, one reading a step. */
  readonly periods: Float32Array;
  /** Mean comb score along the path: 0 for what does not repeat, 1 for what repeats exactly. */
  readonly clarity: number;
}

const WINDOW_FRAMES = 800;
const STEP_FRAMES = 100;
/** Longest lag and window together, so that the circular autocorrelation does not wrap. */
const FFT_SIZE = 2048;
const COMB_TEETH = 4;
const PERIODS_PER_OCTAVE = 48;
const MOST_STEPS_A_MOVE = 3;
/** Price of a change of one 48th octave from one reading to the next, in comb score. */
const MOVE_PRICE = 0.02;

/**
 * @param onsets at 100 frames a second, or another rate if the bounds follow
 * @param shortest bounds of the period, in frames @param longest at most 200
 * `loadFft()` must have finished.
 */
export function pulsePath(onsets: Float32Array, shortest: number, longest: number): PulsePath {
  const steps = Math.max(1, Math.ceil(onsets.length / STEP_FRAMES));
  const count = Math.floor(Math.log2(longest / shortest) * PERIODS_PER_OCTAVE) + 1;
  const periods = Float32Array.from({ length: count }, (_, n) => shortest * 2 ** (n / PERIODS_PER_OCTAVE));
  const scores = combScores(onsets, steps, periods);
  return { stepFrames: STEP_FRAMES, ...bestPath(scores, steps, periods) };
}

function combScores(onsets: Float32Array, steps: number, periods: Float32Array): Float32Array {
  const fft = createRealFft(FFT_SIZE);
  const scores = new Float32Array(steps * periods.length);
  const segment = new Float32Array(FFT_SIZE);
  const spectrum = new Float32Array(FFT_SIZE + 2);
  const correlation = new Float32Array(FFT_SIZE);
  for (let step = 0; step < steps; step++) {
    const from = Math.max(0, Math.min(onsets.length - WINDOW_FRAMES, step * STEP_FRAMES - WINDOW_FRAMES / 2));
    const length = Math.min(WINDOW_FRAMES, onsets.length - from);
    let mean = 0;
    for (let n = 0; n < length; n++) mean += onsets[from + n]! / length;
    segment.fill(0);
    for (let n = 0; n < length; n++) segment[n] = onsets[from + n]! - mean;
    fft.forward(segment, spectrum);
    for (let bin = 0; bin <= FFT_SIZE / 2; bin++) {
      spectrum[2 * bin] = spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
      spectrum[2 * bin + 1] = 0;
    }
    fft.inverse(spectrum, correlation);
    const power = correlation[0]!;
    if (power <= 0) continue;
    for (let k = 0; k < periods.length; k++) {
      let sum = 0;
      for (let tooth = 1; tooth <= COMB_TEETH; tooth++) {
        const lag = tooth * periods[k]!;
        const whole = Math.floor(lag);
        if (whole + 1 >= length) continue;
        const value = correlation[whole]! * (whole + 1 - lag) + correlation[whole + 1]! * (lag - whole);
        sum += (value / power) * (length / (length - lag));
      }
      scores[step * periods.length + k] = sum / COMB_TEETH;
    }
  }
  return scores;
}

/** Viterbi over the grid of periods: the sum of scores less the price of moves. */
function bestPath(
  scores: Float32Array,
  steps: number,
  periods: Float32Array,
): { periods: Float32Array; clarity: number } {
  const count = periods.length;
  let best = scores.slice(0, count);
  const from = new Int16Array(steps * count);
  for (let step = 1; step < steps; step++) {
    const next = new Float32Array(count);
    for (let k = 0; k < count; k++) {
      let top = -Infinity;
      for (let j = Math.max(0, k - MOST_STEPS_A_MOVE); j <= Math.min(count - 1, k + MOST_STEPS_A_MOVE); j++) {
        const value = best[j]! - MOVE_PRICE * (j - k) ** 2;
        if (value > top) {
          top = value;
          from[step * count + k] = j;
        }
      }
      next[k] = top + scores[step * count + k]!;
    }
    best = next;
  }
  let k = best.indexOf(Math.max(...best));
  const path = new Float32Array(steps);
  let clarity = 0;
  for (let step = steps - 1; step >= 0; step--) {
    path[step] = periods[k]!;
    clarity += scores[step * count + k]! / steps;
    k = from[step * count + k]!;
  }
  return { periods: path, clarity };
}
