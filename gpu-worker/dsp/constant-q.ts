// Constant-Q transform: the spectrum at the frequencies of notes, each seen for the same number of its periods.
import { octaveKernels } from './constant-q-kernels.ts';
import type { ToneKernel } from './constant-q-kernels.ts';
import { createRealFft } from './fft.ts';
import { halve } from './halve.ts';

export interface ConstantQOptions {
  readonly rateHz: number;
  readonly lowestHz: number;
  readonly octaves: number;
  readonly binsPerOctave: number;
  /** Samples between frames; a multiple of 2^halvings, where halvings take the rate down to the lowest octave's. */
  readonly hopSamples: number;
}

export interface ConstantQ {
  readonly bins: number;
  /** So many samples before a stretch of frames and behind it are part of them; a multiple of the hop. */
  readonly marginSamples: number;
  /**
   * Magnitudes of frames of a long signal, frame f centred on sample f·hop. A tone of amplitude A gives A/2 times the root of its window's samples.
   *
   * @param signal from `marginSamples` before the first frame's centre on, to as far behind the last; zeros outside the song
   * @param magnitudes receives `frames` rows of `bins`, the lowest first
   */
  analyse(signal: Float32Array, frames: number, magnitudes: Float32Array): void;
}

/** An octave is seen at a rate at which its tones have less than this share of the Nyquist frequency. */
const HIGHEST_SHARE = 0.4;
/** What filters on the way down smear across the margin's end, in samples of the lowest rate. */
const FILTER_SAMPLES = 32;

/**
 * By octaves, each at half the rate of the one above and through the same kernels (Schoerkhuber and Klapuri 2010, "Constant-Q transform toolbox for
 * music processing", section 3). `loadFft()` must have finished.
 *
 * @throws RangeError where the hop cannot be halved often enough, or tones come too near to the Nyquist frequency.
 */
export function createConstantQ(options: ConstantQOptions): ConstantQ {
  const { rateHz, lowestHz, octaves, binsPerOctave, hopSamples } = options;
  const bins = octaves * binsPerOctave;
  const topHz = lowestHz * 2 ** octaves;
  const early = Math.floor(Math.log2((HIGHEST_SHARE * rateHz) / 2 / topHz));
  const halvings = early + octaves - 1;
  if (early < 0) throw new RangeError(`${String(topHz)} Hz come too near to half of ${String(rateHz)} Hz`);
  if (hopSamples % 2 ** halvings !== 0)
    throw new RangeError(`a hop of ${String(hopSamples)} cannot be halved ${String(halvings)} times`);
  const cycles = topHz / 2 / (rateHz / 2 ** early);
  const size = 2 ** Math.ceil(Math.log2(windowSamples(cycles, binsPerOctave)));
  const kernels = octaveKernels(size, cycles, binsPerOctave);
  const fft = createRealFft(size);
  const reach = (size / 2 + FILTER_SAMPLES) * 2 ** halvings;
  const marginSamples = Math.ceil(reach / hopSamples) * hopSamples;

  const analyseOctave = (
    samples: Float32Array,
    halved: number,
    frame: (at: number) => Float32Array,
    count: number,
  ): void => {
    const step = 2 ** halved;
    const [hop, margin] = [hopSamples / step, marginSamples / step];
    const scales = kernels.map(({ length }) => Math.sqrt(step / length));
    const { time } = fft.buffers();
    for (let at = 0; at < count; at++) {
      const start = margin + at * hop - size / 2;
      time.set(samples.subarray(start, start + size));
      fft.forwardBuffers();
      const row = frame(at);
      kernels.forEach((kernel, bin) => {
        row[bin] = scales[bin]! * response(kernel, fft.buffers().spectrum);
      });
    }
  };

  return {
    bins,
    marginSamples,
    analyse(signal, frames, magnitudes) {
      const needed = 2 * marginSamples + Math.max(0, frames - 1) * hopSamples;
      if (signal.length < needed) throw new RangeError(`${String(signal.length)} samples, wanted ${String(needed)}`);
      let samples = signal;
      for (let halved = 0; halved <= halvings; halved++) {
        if (halved > 0) samples = halve(samples);
        if (halved < early) continue;
        const first = (halvings - halved) * binsPerOctave;
        const frame = (at: number): Float32Array =>
          magnitudes.subarray(at * bins + first, at * bins + first + binsPerOctave);
        analyseOctave(samples, halved, frame, frames);
      }
    },
  };
}

function windowSamples(cycles: number, binsPerOctave: number): number {
  const ratio = 2 ** (2 / binsPerOctave);
  return (ratio + 1) / (ratio - 1) / cycles;
}

function response({ bins, re, im }: ToneKernel, spectrum: Float32Array): number {
  let real = 0;
  let imaginary = 0;
  for (let n = 0; n < bins.length; n++) {
    const at = 2 * bins[n]!;
    const [x, y] = [spectrum[at]!, spectrum[at + 1]!];
    real += re[n]! * x - im[n]! * y;
    imaginary += re[n]! * y + im[n]! * x;
  }
  return Math.hypot(real, imaginary);
}
