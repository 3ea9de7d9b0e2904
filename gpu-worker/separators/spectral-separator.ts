// Networks that turn one segment's complex spectra into every stem's: SCNet and the RoFormers, which differ in their numbers only.
import { loadFft } from '../dsp/fft.ts';
import type { Channels, MixStatistics, Separator, SeparatorSession, WindowSpan } from '../models/separator.ts';
import { createFadeGrid } from './fade-grid.ts';
import type { FadeGrid } from './fade-grid.ts';
import { UNCHANGED, isSilent, silentSlots, standardLevel } from './level.ts';
import { openOnnxModel } from './onnx-model.ts';
import type { ModelContract, OnnxModel } from './onnx-model.ts';
import { createSpectrumPlanes } from './spectrum-planes.ts';

export interface SpectralContract {
  readonly fftSamples: number;
  readonly hopSamples: number;
  readonly window: 'hann' | 'none';
  readonly scale: number;
  /** What the song is cut into. */
  readonly segmentSamples: number;
  /** What the network is given: the segment, with zeros after it. A multiple of the hop. */
  readonly paddedSamples: number;
  /** Stems in the network's order. */
  readonly stems: readonly string[];
  /** Name of the slot for mix - stem, of networks that give one stem. */
  readonly complement: string | null;
  /** `standard`: the song's mean and deviation are taken out first, and put back into every stem. */
  readonly level: 'unchanged' | 'standard';
  readonly layouts: readonly SpectralLayout[];
}

/**
 * `planes`: `spec_real`, `spec_imag` [1, 2, bins, frames] -> `out_spec_real`, `out_spec_imag` [1, stems, 2, bins, frames].
 * `channels`: `mix_spec` [1, 4, bins, frames] -> `stems_spec` [1, 4 × stems, bins, frames]; left re, left im, right re, right im.
 */
export type SpectralLayout = 'planes' | 'channels';

interface LayoutContract extends ModelContract {
  readonly layout: SpectralLayout;
}

/** @param overlap segments that see each sample; 2 or more. */
export function createSpectralSeparator(contract: SpectralContract, modelPath: string, overlap: number): Separator {
  const grid = createFadeGrid(contract.segmentSamples, Math.floor(contract.segmentSamples / overlap));
  return {
    slots: spectralSlots(contract),
    rateHz: 44_100,
    parallelism: 'operators',
    windows: grid.windows,
    weight: grid.weight,
    async open(runtime) {
      await loadFft();
      const layouts = contract.layouts.map((layout) => layoutContract(contract, layout));
      return openSession(contract, grid, await openOnnxModel(modelPath, runtime, layouts));
    },
  };
}

export function spectralSlots({ stems, complement }: SpectralContract): readonly string[] {
  return complement === null ? stems : [...stems, complement];
}

/** Bins and frames of one segment's spectra. */
export function spectralShape(contract: SpectralContract): { readonly bins: number; readonly frames: number } {
  return { bins: contract.fftSamples / 2 + 1, frames: contract.paddedSamples / contract.hopSamples + 1 };
}

function layoutContract(contract: SpectralContract, layout: SpectralLayout): LayoutContract {
  const { bins, frames } = spectralShape(contract);
  const stems = contract.stems.length;
  if (layout === 'channels') {
    return {
      layout,
      inputs: [{ name: 'mix_spec', shape: [1, 4, bins, frames] }],
      outputs: [{ name: 'stems_spec', shape: [1, 4 * stems, bins, frames] }],
    };
  }
  const out = [1, stems, 2, bins, frames];
  return {
    layout,
    inputs: ['spec_real', 'spec_imag'].map((name) => ({ name, shape: [1, 2, bins, frames] })),
    outputs: ['out_spec_real', 'out_spec_imag'].map((name) => ({ name, shape: out })),
  };
}

function openSession(contract: SpectralContract, grid: FadeGrid, model: OnnxModel<LayoutContract>): SeparatorSession {
  const planes = createSpectrumPlanes({
    ...contract,
    ...spectralShape(contract),
    segmentSamples: contract.paddedSamples,
    firstFrame: 0,
  });
  const { planeSize } = planes;
  const inputs = model.contract.inputs.map(({ shape }) => new Float32Array(shape.reduce((size, n) => size * n, 1)));
  const segment = new Float32Array(contract.paddedSamples);
  const stereo = (stem: number, channel: number): number => 2 * stem + channel;

  /** Plane `part` (0 real, 1 imaginary) of a stereo signal: its own tensor, or the one beside it. */
  function plane(tensors: readonly Float32Array[], index: number, part: 0 | 1): Float32Array {
    const [tensor, at] = model.contract.layout === 'planes' ? [tensors[part]!, index] : [tensors[0]!, 2 * index + part];
    return tensor.subarray(at * planeSize, (at + 1) * planeSize);
  }

  return {
    async process(span: WindowSpan, mix: Channels, statistics: MixStatistics) {
      const samples = span.outputEnd - span.outputStart;
      const stems = contract.stems.length;
      const slots = silentSlots(spectralSlots(contract).length, samples);
      if (isSilent(mix)) return slots;
      const { offset, scale } = contract.level === 'standard' ? standardLevel(statistics) : UNCHANGED;
      const sources = grid.sources(span);
      for (const [channel, signal] of mix.entries()) {
        for (let n = 0; n < sources.length; n++) {
          const source = sources[n]!;
          segment[n] = source < 0 ? 0 : (signal[source]! - offset) / scale;
        }
        segment.fill(0, sources.length);
        planes.forward(segment, plane(inputs, channel, 0), plane(inputs, channel, 1));
      }
      const results = await model.run(inputs);
      const weights = grid.weight(span);
      const first = span.outputStart - grid.segmentStart(span);
      for (let stem = 0; stem < stems; stem++) {
        for (const [channel, output] of slots[stem]!.entries()) {
          const index = stereo(stem, channel);
          planes.inverse(plane(results, index, 0), plane(results, index, 1), segment);
          for (let n = 0; n < samples; n++) output[n] = (segment[first + n]! * scale + offset) * weights[n]!;
        }
      }
      if (contract.complement !== null) {
        const at = span.outputStart - span.inputStart;
        for (const [channel, output] of slots[stems]!.entries()) {
          const stem = slots[0]![channel]!;
          for (let n = 0; n < samples; n++) output[n] = mix[channel]![at + n]! * weights[n]! - stem[n]!;
        }
      }
      return slots;
    },
    close: () => model.close(),
  };
}
