// The original algorithm on one segment after another.
import { loadFft } from '../dsp/fft.ts';
import type { Channels, SeparatorRuntime, SeparatorSession } from '../models/separator.ts';
import { createMaskRows, fillMaskRows } from './spleeter-masks.ts';
import { openSpleeterNetworks, SEGMENT_VALUES } from './spleeter-networks.ts';
import {
  CHANNELS,
  createSpectrumCodec,
  createStemBuffers,
  createStereoSpectra,
  HOP,
  NETWORK_BINS,
  networkMagnitude,
  SEGMENT_FRAMES,
} from './spleeter-spectra.ts';

/** @param paths the ONNX files; `instruments` outputs between them */
export async function openFastSession(
  paths: readonly string[],
  instruments: readonly string[],
  runtime: SeparatorRuntime,
): Promise<SeparatorSession> {
  await loadFft();
  const networks = await openSpleeterNetworks(paths, instruments, runtime);
  const codec = createSpectrumCodec();
  const spectra = createStereoSpectra(SEGMENT_FRAMES, NETWORK_BINS);
  const magnitude = new Float32Array(SEGMENT_VALUES);
  const masks = createMaskRows(instruments.length);
  const stems = createStemBuffers(instruments.length);

  /** One frame of one channel, into every stem. */
  function addFrames(
    estimates: readonly Float32Array[],
    row: number,
    outputs: readonly Channels[],
    channel: number,
    start: number,
  ): void {
    fillMaskRows(estimates, row, masks);
    for (let index = 0; index < masks.length; index++) {
      applyMask(spectra.values, row * 2, masks[index]!, codec.spectrum());
      codec.addFrame(outputs[index]![channel]!, start);
    }
  }

  return {
    async process(span, mix) {
      const outputs = stems.take(span.outputEnd - span.outputStart);
      codec.analyse(mix, 0, spectra);
      networkMagnitude(spectra, magnitude);
      const estimates = await networks.estimate(magnitude);
      for (let channel = 0; channel < CHANNELS; channel++) {
        for (let frame = 0; frame < SEGMENT_FRAMES; frame++) {
          const row = (channel * SEGMENT_FRAMES + frame) * NETWORK_BINS;
          addFrames(estimates, row, outputs, channel, span.inputStart + frame * HOP - span.outputStart);
        }
      }
      return outputs;
    },
    close: () => networks.close(),
  };
}

/** Masks the network's bins; those above are in no stem. */
function applyMask(values: Float32Array, at: number, mask: Float64Array, spectrum: Float32Array): void {
  for (let bin = 0; bin < NETWORK_BINS; bin++) {
    spectrum[2 * bin] = mask[bin]! * values[at + 2 * bin]!;
    spectrum[2 * bin + 1] = mask[bin]! * values[at + 2 * bin + 1]!;
  }
  spectrum.fill(0, 2 * NETWORK_BINS);
}
