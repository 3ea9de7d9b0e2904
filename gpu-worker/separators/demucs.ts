/**
 * Hybrid Transformer Demucs (Rouard, Massa, Défossez, ICASSP 2023) with its STFT outside the graph (unblend's export) or inside
 * (waveform to waveform). Framing as HTDemucs `_spec` and `_ispec`; segments and triangular weights as demucs/apply.py.
 */
import { loadFft } from '../dsp/fft.ts';
import type { Quality } from '../../workflows/contract/request.ts';
import type { Channels, MixStatistics, Separator, SeparatorSession, WindowSpan } from '../models/separator.ts';
import { isSilent, silentSlots, standardLevel } from './level.ts';
import { openOnnxModel } from './onnx-model.ts';
import type { ModelContract, OnnxModel } from './onnx-model.ts';
import { createSpectrumPlanes } from './spectrum-planes.ts';

export interface DemucsContract {
  readonly fftSamples: number;
  readonly hopSamples: number;
  readonly segmentSamples: number;
  /** Stems in the network's order. */
  readonly stems: readonly string[];
}

export const HTDEMUCS: DemucsContract = {
  fftSamples: 4096,
  hopSamples: 1024,
  segmentSamples: 343_980,
  stems: ['drums', 'bass', 'other', 'vocals'],
};

export const HTDEMUCS_6S: DemucsContract = { ...HTDEMUCS, stems: [...HTDEMUCS.stems, 'guitar', 'piano'] };

interface LayoutContract extends ModelContract {
  readonly layout: 'hybrid' | 'waveform';
}

/** `fast` overlaps segments by a quarter, as published; `best` by half. */
export function createDemucsSeparator(contract: DemucsContract, modelPath: string, quality: Quality): Separator {
  const { segmentSamples, stems } = contract;
  const step = Math.floor(segmentSamples * (quality === 'fast' ? 0.75 : 0.5));
  const half = Math.floor(segmentSamples / 2);
  const triangle = Float32Array.from(
    { length: segmentSamples },
    (_, n) => (n < half ? n + 1 : segmentSamples - n) / (segmentSamples - half),
  );
  const weight = (span: WindowSpan): Float32Array => {
    const weights = triangle.slice(0, span.outputEnd - span.outputStart);
    // The song's first half segment is in no other window: its weight cancels, and a large one keeps the precision.
    return span.outputStart === 0 ? weights.fill(1, 0, half) : weights;
  };
  return {
    slots: stems,
    rateHz: 44_100,
    parallelism: 'operators',
    windows: (totalSamples) =>
      Array.from({ length: Math.ceil(totalSamples / step) }, (_, index) => {
        const outputStart = index * step;
        const outputEnd = Math.min(outputStart + segmentSamples, totalSamples);
        // A shorter last chunk lies in the middle of its segment, with the song before it and silence after it.
        const inputStart = outputStart - Math.floor((segmentSamples - (outputEnd - outputStart)) / 2);
        return { inputStart, inputEnd: inputStart + segmentSamples, outputStart, outputEnd };
      }),
    weight,
    async open(runtime) {
      await loadFft();
      const layouts = [hybridContract(contract), waveformContract(contract)];
      return openSession(contract, await openOnnxModel(modelPath, runtime, layouts), weight);
    },
  };
}

function hybridContract({ fftSamples, hopSamples, segmentSamples, stems }: DemucsContract): LayoutContract {
  const plane = [2, fftSamples / 2, Math.ceil(segmentSamples / hopSamples)];
  return {
    layout: 'hybrid',
    inputs: [
      { name: 'spec_real', shape: [1, ...plane] },
      { name: 'spec_imag', shape: [1, ...plane] },
      { name: 'audio', shape: [1, 2, segmentSamples] },
    ],
    outputs: [
      { name: 'out_spec_real', shape: [1, stems.length, ...plane] },
      { name: 'out_spec_imag', shape: [1, stems.length, ...plane] },
      { name: 'out_wave', shape: [1, stems.length, 2, segmentSamples] },
    ],
  };
}

function waveformContract({ segmentSamples, stems }: DemucsContract): LayoutContract {
  return {
    layout: 'waveform',
    inputs: [{ name: 'mix', shape: [1, 2, segmentSamples] }],
    outputs: [{ name: 'stems', shape: [1, stems.length, 2, segmentSamples] }],
  };
}

function openSession(
  contract: DemucsContract,
  model: OnnxModel<LayoutContract>,
  weight: (span: WindowSpan) => Float32Array,
): SeparatorSession {
  const { fftSamples, hopSamples, segmentSamples, stems } = contract;
  const hybrid = model.contract.layout === 'hybrid';
  const frames = Math.ceil(segmentSamples / hopSamples);
  // The re-padding that makes the frames as many as the hops, two of them cut at either end.
  const pad = Math.floor(hopSamples / 2) * 3;
  const padded = new Float32Array(frames * hopSamples + 2 * pad);
  const planes = createSpectrumPlanes({
    fftSamples,
    hopSamples,
    window: 'hann',
    scale: 1 / Math.sqrt(fftSamples),
    segmentSamples: padded.length,
    bins: fftSamples / 2,
    frames,
    firstFrame: 2,
  });
  const { planeSize } = planes;
  const audio = new Float32Array(2 * segmentSamples);
  const [real, imaginary] = [new Float32Array(2 * planeSize), new Float32Array(2 * planeSize)];
  const signal = (of: Float32Array, index: number): Float32Array =>
    of.subarray(index * segmentSamples, (index + 1) * segmentSamples);
  const plane = (of: Float32Array, index: number): Float32Array =>
    of.subarray(index * planeSize, (index + 1) * planeSize);

  return {
    async process(span: WindowSpan, mix: Channels, statistics: MixStatistics) {
      const samples = span.outputEnd - span.outputStart;
      const slots = silentSlots(stems.length, samples);
      if (isSilent(mix)) return slots;
      const { offset, scale } = standardLevel(statistics);
      // Outside the song the standardised signal is zero. What lies beyond the output is outside, or the output would go on.
      const songFrom = Math.max(0, -span.inputStart);
      const songTo = span.outputEnd - span.inputStart;
      for (const [channel, source] of mix.entries()) {
        const segment = signal(audio, channel).fill(0);
        for (let n = songFrom; n < songTo; n++) segment[n] = (source[n]! - offset) / scale;
        if (!hybrid) continue;
        for (let n = 0; n < padded.length; n++) padded[n] = segment[mirrored(n - pad, segmentSamples)]!;
        planes.forward(padded, plane(real, channel), plane(imaginary, channel));
      }
      const results = await model.run(hybrid ? [real, imaginary, audio] : [audio]);
      const waves = results.at(-1)!;
      const weights = weight(span);
      const first = span.outputStart - span.inputStart;
      for (const [stem, slot] of slots.entries()) {
        for (const [channel, output] of slot.entries()) {
          const index = 2 * stem + channel;
          if (hybrid) planes.inverse(plane(results[0]!, index), plane(results[1]!, index), padded);
          const wave = signal(waves, index);
          for (let n = 0; n < samples; n++) {
            const value = wave[first + n]! + (hybrid ? padded[pad + first + n]! : 0);
            output[n] = (value * scale + offset) * weights[n]!;
          }
        }
      }
      return slots;
    },
    close: () => model.close(),
  };
}

/** Index mirrored about the first and last sample. */
function mirrored(index: number, length: number): number {
  const n = Math.abs(index);
  return n < length ? n : 2 * (length - 1) - n;
}
