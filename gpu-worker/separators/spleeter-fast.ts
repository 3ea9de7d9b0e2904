// The original algorithm on one segment after another.
import { loadFft } from '../dsp/fft.ts';
import type { Channels, SeparatorRuntime, SeparatorSession } from '../models/separator.ts';
import { openSpleeterNetworks, SEGMENT_VALUES } from './spleeter-networks.ts';
import {
  CHANNELS,
  createSpectrumCodec,
  createStereoSpectra,
  HOP,
  NETWORK_BINS,
  networkMagnitude,
  samplesOfFrames,
  SEGMENT_FRAMES,
} from './spleeter-spectra.ts';

/** Keeps the masks defined in silence; Spleeter's value, split evenly between the instruments. */
const MASK_EPSILON = 1e-10;

/** @param paths one ONNX file per slot */
export async function openFastSession(paths: readonly string[], runtime: SeparatorRuntime): Promise<SeparatorSession> {
  await loadFft();
  const networks = await openSpleeterNetworks(paths, runtime);
  const codec = createSpectrumCodec();
  const spectra = createStereoSpectra(SEGMENT_FRAMES, NETWORK_BINS);
  const magnitude = new Float32Array(SEGMENT_VALUES);
  const scale = new Float64Array(NETWORK_BINS);
  const stems = paths.map(() =>
    Array.from({ length: CHANNELS }, () => new Float32Array(samplesOfFrames(SEGMENT_FRAMES))),
  );

  /** mask = (e² + ε/n) / (Σ e² + ε); zero from bin 1024 up. */
  const addMaskedFrame = (
    estimates: readonly Float32Array[],
    channel: number,
    frame: number,
    outputs: readonly Channels[],
    start: number,
  ): void => {
    const row = (channel * SEGMENT_FRAMES + frame) * NETWORK_BINS;
    scale.fill(MASK_EPSILON);
    for (const estimate of estimates) {
      for (let bin = 0; bin < NETWORK_BINS; bin++) scale[bin]! += estimate[row + bin]! * estimate[row + bin]!;
    }
    for (let bin = 0; bin < NETWORK_BINS; bin++) scale[bin] = 1 / scale[bin]!;
    const { values } = spectra;
    for (const [index, estimate] of estimates.entries()) {
      codec.addFrame(
        (spectrum) => {
          for (let bin = 0, at = row * 2; bin < NETWORK_BINS; bin++, at += 2) {
            const mask = (estimate[row + bin]! * estimate[row + bin]! + MASK_EPSILON / estimates.length) * scale[bin]!;
            spectrum[2 * bin] = mask * values[at]!;
            spectrum[2 * bin + 1] = mask * values[at + 1]!;
          }
          spectrum.fill(0, 2 * NETWORK_BINS);
        },
        outputs[index]![channel]!,
        start,
      );
    }
  };

  return {
    async process(span, mix) {
      const length = span.outputEnd - span.outputStart;
      const outputs = stems.map((channels) => channels.map((channel) => channel.subarray(0, length).fill(0)));
      codec.analyse(mix, 0, spectra);
      networkMagnitude(spectra, magnitude);
      const estimates = await networks.estimate(magnitude);
      for (let channel = 0; channel < CHANNELS; channel++) {
        for (let frame = 0; frame < SEGMENT_FRAMES; frame++) {
          const start = span.inputStart + frame * HOP - span.outputStart;
          addMaskedFrame(estimates, channel, frame, outputs, start);
        }
      }
      return outputs;
    },
    close: () => networks.close(),
  };
}
