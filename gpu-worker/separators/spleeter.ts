// Spleeter, the original algorithm sample for sample (Hennequin, Khlif, Voituret, Moussallam 2020, JOSS 5(50) 2154).
import { loadFft } from '../dsp/fft.ts';
import type { Channels, Separator, SeparatorRuntime, SeparatorSession, WindowSpan } from '../models/separator.ts';
import { openSpleeterNetworks } from './spleeter-networks.ts';
import {
  CHANNELS,
  createSpectrumCodec,
  createStereoSpectra,
  FRAME_SIZE,
  HOP,
  NETWORK_BINS,
  networkMagnitude,
  samplesOfFrames,
  SEGMENT_FRAMES,
} from './spleeter-spectra.ts';

export const SPLEETER_RATE_HZ = 44_100;
/** Keeps the masks defined in silence; Spleeter's value, split evenly between the instruments. */
export const MASK_EPSILON = 1e-10;
const SEGMENT_SAMPLES = SEGMENT_FRAMES * HOP;

/**
 * Windows are Spleeter's own 512-frame segments, counted from one frame of zeros before the song. Each gives the inverse transform of
 * its own frames and reaches over the next one's first 3,072 samples; contributions sum to the stem, so there is no weight.
 * What the networks do not see, from 11,025 Hz up, is in no stem, as in the original's configurations.
 *
 * @param paths one ONNX file per slot, in the order of the slots
 */
export function createSpleeter(slots: readonly string[], paths: readonly string[]): Separator {
  if (paths.length !== slots.length) {
    throw new RangeError(`${String(slots.length)} slots need as many networks, not ${String(paths.length)}`);
  }
  return {
    slots,
    rateHz: SPLEETER_RATE_HZ,
    parallelism: 'windows',
    windows: segmentWindows,
    weight: () => null,
    open: (runtime) => openSession(paths, runtime),
  };
}

function segmentWindows(totalSamples: number): WindowSpan[] {
  const spans: WindowSpan[] = [];
  for (let start = -FRAME_SIZE; start < totalSamples; start += SEGMENT_SAMPLES) {
    const end = start + samplesOfFrames(SEGMENT_FRAMES);
    spans.push({
      inputStart: start,
      inputEnd: end,
      outputStart: Math.max(0, start),
      outputEnd: Math.min(totalSamples, end),
    });
  }
  return spans;
}

async function openSession(paths: readonly string[], runtime: SeparatorRuntime): Promise<SeparatorSession> {
  await loadFft();
  const networks = await openSpleeterNetworks(paths, runtime);
  const codec = createSpectrumCodec();
  const spectra = createStereoSpectra(SEGMENT_FRAMES, NETWORK_BINS);
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
      networkMagnitude(spectra, networks.magnitude);
      const estimates = await networks.estimate();
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
