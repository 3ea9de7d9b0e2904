/**
 * MDX-Net (TFC-TDF U-Nets on complex spectra) as kuielab and UVR publish it: `input` -> `output`, [1, 4, bins, frames],
 * planes left re, left im, right re, right im. One network gives one stem; the other slot is what the mix holds besides.
 * Procedures: kuielab/mdx-net-submission (mdxnet.py) for `fast`; UVR's overlapped, denoised one for `best`.
 */
import { loadFft } from '../dsp/fft.ts';
import type { Quality } from '../../workflows/contract/request.ts';
import type { Channels, MixStatistics, Separator, SeparatorSession, WindowSpan } from '../models/separator.ts';
import { UNCHANGED, isSilent, peakLevel, silentSlots } from './level.ts';
import { openOnnxModel } from './onnx-model.ts';
import type { OnnxModel } from './onnx-model.ts';
import { createSpectrumPlanes } from './spectrum-planes.ts';

export interface MdxContract {
  readonly fftSamples: number;
  readonly hopSamples: number;
  readonly bins: number;
  readonly frames: number;
  /** The complement is mix - compensation × stem. */
  readonly compensation: number;
  /** Lowest bins hidden from the network in `fast`; `best` hides {@link LOW_BINS} of every model. */
  readonly lowBinsFast: number;
}

/** UVR hides the bins of the lowest few hertz, where there is no music. */
const LOW_BINS = 3;
/** UVR runs songs that are too loud at this peak; `best` runs every song there, so that its level does not matter. */
const BEST_PEAK = 0.9;

/** @param slots the network's own stem, then what is left. */
export function createMdxSeparator(
  contract: MdxContract,
  slots: readonly [string, string],
  modelPath: string,
  quality: Quality,
): Separator {
  const chunkSamples = contract.hopSamples * (contract.frames - 1);
  const grid = quality === 'fast' ? blockGrid(contract, chunkSamples) : crossfadeGrid(chunkSamples);
  return {
    slots,
    rateHz: 44_100,
    parallelism: 'operators',
    windows: grid.windows,
    weight: grid.weight,
    async open(runtime) {
      await loadFft();
      const shape = [1, 4, contract.bins, contract.frames];
      const model = await openOnnxModel(modelPath, runtime, [
        { inputs: [{ name: 'input', shape }], outputs: [{ name: 'output', shape }] },
      ]);
      return openSession(contract, chunkSamples, model, quality, grid.weight);
    },
  };
}

interface Grid {
  readonly windows: (totalSamples: number) => readonly WindowSpan[];
  readonly weight: (span: WindowSpan) => Float32Array | null;
}

/** kuielab: blocks side by side, each computed with half a frame more on both sides, which is then cut off. */
function blockGrid({ fftSamples }: MdxContract, chunkSamples: number): Grid {
  const trim = fftSamples / 2;
  const blockSamples = chunkSamples - 2 * trim;
  return {
    windows: (totalSamples) =>
      Array.from({ length: Math.ceil(totalSamples / blockSamples) }, (_, index) => {
        const start = index * blockSamples;
        return {
          inputStart: start - trim,
          inputEnd: start - trim + chunkSamples,
          outputStart: start,
          outputEnd: Math.min(start + blockSamples, totalSamples),
        };
      }),
    weight: () => null,
  };
}

/**
 * Chunks that overlap by half under a raised cosine. It is sampled between the points of `numpy.hanning`, whose ends are zero, and
 * begins half a chunk before the song, so that every sample is in two chunks and the weights sum to one.
 */
function crossfadeGrid(chunkSamples: number): Grid {
  const step = chunkSamples / 2;
  const window = Float32Array.from(
    { length: chunkSamples },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / chunkSamples),
  );
  return {
    windows: (totalSamples) =>
      Array.from({ length: totalSamples === 0 ? 0 : Math.ceil(totalSamples / step) + 1 }, (_, index) => {
        const inputStart = (index - 1) * step;
        const inputEnd = inputStart + chunkSamples;
        return {
          inputStart,
          inputEnd,
          outputStart: Math.max(0, inputStart),
          outputEnd: Math.min(inputEnd, totalSamples),
        };
      }),
    weight: ({ inputStart, outputStart, outputEnd }) => window.slice(outputStart - inputStart, outputEnd - inputStart),
  };
}

function openSession(
  contract: MdxContract,
  chunkSamples: number,
  model: OnnxModel,
  quality: Quality,
  weight: Grid['weight'],
): SeparatorSession {
  const { frames, compensation } = contract;
  const planes = createSpectrumPlanes({
    ...contract,
    window: 'hann',
    scale: 1,
    segmentSamples: chunkSamples,
    firstFrame: 0,
  });
  const hiddenSize = (quality === 'fast' ? contract.lowBinsFast : LOW_BINS) * frames;
  const spectra = new Float32Array(4 * planes.planeSize);
  const plane = (of: Float32Array, index: number): Float32Array =>
    of.subarray(index * planes.planeSize, (index + 1) * planes.planeSize);
  const scaled = new Float32Array(chunkSamples);
  const chunk = new Float32Array(chunkSamples);

  async function estimate(): Promise<Float32Array> {
    const [positive] = await model.run([spectra]);
    if (quality === 'fast') return positive!;
    // What the network adds whatever it hears does not change sign with its input, and cancels: UVR's "denoise".
    const [negative] = await model.run([spectra.map((value) => -value)]);
    for (let n = 0; n < spectra.length; n++) positive![n] = 0.5 * (positive![n]! - negative![n]!);
    return positive!;
  }

  return {
    async process(span: WindowSpan, mix: Channels, statistics: MixStatistics) {
      const samples = span.outputEnd - span.outputStart;
      const [stem, rest] = silentSlots(2, samples);
      if (isSilent(mix)) return [stem!, rest!];
      const { scale } = quality === 'fast' ? UNCHANGED : peakLevel(statistics, BEST_PEAK);
      for (const [channel, signal] of mix.entries()) {
        for (let n = 0; n < chunkSamples; n++) scaled[n] = signal[n]! / scale;
        const [real, imaginary] = [plane(spectra, 2 * channel), plane(spectra, 2 * channel + 1)];
        planes.forward(scaled, real, imaginary);
        real.fill(0, 0, hiddenSize);
        imaginary.fill(0, 0, hiddenSize);
      }
      const result = await estimate();
      const weights = weight(span);
      const first = span.outputStart - span.inputStart;
      for (const [channel, signal] of mix.entries()) {
        planes.inverse(plane(result, 2 * channel), plane(result, 2 * channel + 1), chunk);
        for (let n = 0; n < samples; n++) {
          const value = chunk[first + n]! * scale;
          const w = weights === null ? 1 : weights[n]!;
          stem![channel]![n] = value * w;
          rest![channel]![n] = (signal[first + n]! - compensation * value) * w;
        }
      }
      return [stem!, rest!];
    },
    close: () => model.close(),
  };
}
