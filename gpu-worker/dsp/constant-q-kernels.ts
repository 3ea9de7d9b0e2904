// Tones under a window, as the spectrum of a frame sees them: what turns one FFT into one octave of a constant-Q transform.
import { createRealFft } from './fft.ts';
import { hannPeriodic } from './window.ts';

/** A complex tone's spectrum where it is not nearly nothing. */
export interface ToneKernel {
  /** Of the bins that are kept, ascending. */
  readonly bins: Int32Array;
  readonly re: Float32Array;
  readonly im: Float32Array;
  /** Samples under the window, with their fraction. */
  readonly length: number;
}

/** Of a kernel's magnitudes, the smallest that together are no more than this share are left out. */
const LEFT_OUT = 0.01;

/**
 * Kernels of one octave (Brown and Puckette 1992, "An efficient algorithm for the calculation of a constant Q transform", eq. 4 and 5), lowest first.
 * The window of each spans as many periods as let neighbouring bins just be told apart; its sum is its length over `size`. Lengths, windows and what
 * is left out are those of librosa 0.9 to 0.11. `loadFft()` must have finished.
 *
 * @param size of the FFT, an allowed one: at least the longest window
 * @param lowestCycles of the lowest tone, per sample
 */
export function octaveKernels(size: number, lowestCycles: number, binsPerOctave: number): ToneKernel[] {
  const ratio = 2 ** (2 / binsPerOctave);
  const periods = (ratio + 1) / (ratio - 1);
  return Array.from({ length: binsPerOctave }, (_, bin) => {
    const cycles = lowestCycles * 2 ** (bin / binsPerOctave);
    return toneKernel(size, cycles, periods / cycles);
  });
}

function toneKernel(size: number, cycles: number, length: number): ToneKernel {
  const [from, to] = [Math.floor(-length / 2), Math.floor(length / 2)];
  const window = hannPeriodic(to - from);
  if (window.length > size) throw new RangeError(`${String(window.length)} samples do not fit into ${String(size)}`);
  const sum = window.reduce((total, weight) => total + weight, 0);
  const first = Math.floor((size - window.length) / 2);
  const [cosine, sine] = [new Float32Array(size), new Float32Array(size)];
  window.forEach((weight, n) => {
    const phase = 2 * Math.PI * cycles * (from + n);
    const level = ((weight / sum) * length) / size;
    cosine[first + n] = level * Math.cos(phase);
    sine[first + n] = level * Math.sin(phase);
  });
  const fft = createRealFft(size);
  const [real, imaginary] = [new Float32Array(size + 2), new Float32Array(size + 2)];
  fft.forward(cosine, real);
  fft.forward(sine, imaginary);
  const re = Float32Array.from({ length: size / 2 + 1 }, (_, k) => real[2 * k]! - imaginary[2 * k + 1]!);
  const im = re.map((_, k) => real[2 * k + 1]! + imaginary[2 * k]!);
  const bins = keptBins(re.map((value, k) => Math.hypot(value, im[k]!)));
  return { bins, re: Float32Array.from(bins, (k) => re[k]!), im: Float32Array.from(bins, (k) => im[k]!), length };
}

function keptBins(magnitudes: Float32Array): Int32Array {
  const sorted = magnitudes.toSorted();
  const total = sorted.reduce((sum, magnitude) => sum + magnitude, 0);
  let least = 0;
  let passed = 0;
  for (const magnitude of sorted) {
    passed += magnitude;
    least = magnitude;
    if (passed >= LEFT_OUT * total) break;
  }
  return Int32Array.from([...magnitudes.keys()].filter((k) => magnitudes[k]! >= least));
}
