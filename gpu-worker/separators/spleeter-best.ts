// Better than the original at the same number of network runs: the networks' estimates drive a multichannel Wiener filter, and the
// masks reach over the whole band. The stems sum to the mix.
import { loadFft } from '../dsp/fft.ts';
import { createStereoWiener } from '../dsp/wiener.ts';
import type { StereoFrame } from '../dsp/wiener.ts';
import type { SeparatorRuntime, SeparatorSession } from '../models/separator.ts';
import { createMaskRows, fillMaskRows } from './spleeter-masks.ts';
import { openSpleeterNetworks, SEGMENT_VALUES } from './spleeter-networks.ts';
import {
  createSpectrumCodec,
  createStemBuffers,
  createStereoSpectra,
  FRAME_SIZE,
  HOP,
  NETWORK_BINS,
  networkMagnitude,
  SEGMENT_FRAMES,
  SPECTRUM_BINS,
} from './spleeter-spectra.ts';
import { steadyEstimates } from './steady-estimates.ts';

/** Measured on real music, see the README: the rest is the original's mask, which keeps each song from losing. */
const WIENER_SHARE = 0.75;
const LOADING = 1e-3;
/** Bins whose masks decide the band above the networks': 8.3 to 11 kHz. */
const TOP_BINS = 256;
/** Keeps the top band's mask defined in silence. */
const TOP_EPSILON = 1e-10;
const ROW = SPECTRUM_BINS * 2;

/** @param paths the ONNX files; `instruments` outputs between them */
export async function openBestSession(
  paths: readonly string[],
  instruments: readonly string[],
  runtime: SeparatorRuntime,
): Promise<SeparatorSession> {
  await loadFft();
  const count = instruments.length;
  const networks = await openSpleeterNetworks(paths, instruments, runtime);
  const codec = createSpectrumCodec();
  const spectra = createStereoSpectra(SEGMENT_FRAMES, SPECTRUM_BINS);
  const magnitude = new Float32Array(SEGMENT_VALUES);
  const masks = [createMaskRows(count), createMaskRows(count)] as const;
  const sure = [createMaskRows(count), createMaskRows(count)] as const;
  const estimates = instruments.map(() => new Float32Array(SEGMENT_VALUES));
  const powers = createMaskRows(count);
  const wiener = createStereoWiener({ sources: count, bins: NETWORK_BINS, loading: LOADING });
  const parts = instruments.map((): StereoFrame => ({ values: new Float32Array(2 * ROW), left: 0, right: ROW }));
  const stems = createStemBuffers(count);

  const frameOf = (frame: number): StereoFrame => ({
    values: spectra.values,
    left: frame * ROW,
    right: (SEGMENT_FRAMES + frame) * ROW,
  });
  const fillMasks = (frame: number): void => {
    fillMaskRows(estimates, frame * NETWORK_BINS, masks[0]);
    fillMaskRows(estimates, (SEGMENT_FRAMES + frame) * NETWORK_BINS, masks[1]);
  };
  /** Places are learnt from bins that one instrument has to itself. */
  const learnPlaces = (): void => {
    wiener.reset();
    for (let frame = 0; frame < SEGMENT_FRAMES; frame++) {
      fillMasks(frame);
      fillFourthPowers(masks[0], sure[0]);
      fillFourthPowers(masks[1], sure[1]);
      wiener.learn(frameOf(frame), sure[0], sure[1]);
    }
    wiener.settle();
  };

  return {
    async process(span, mix) {
      const outputs = stems.take(span.outputEnd - span.outputStart);
      codec.analyse(mix, 0, spectra);
      networkMagnitude(spectra, magnitude);
      steadyEstimates(await networks.estimate(magnitude), estimates);
      learnPlaces();
      for (let frame = 0; frame < SEGMENT_FRAMES; frame++) {
        const source = frameOf(frame);
        const start = span.inputStart + frame * HOP - span.outputStart;
        fillMasks(frame);
        fillPowers(estimates, frame, powers);
        wiener.filter(source, powers, parts);
        for (const [index, { values }] of parts.entries()) {
          for (const [channel, at] of [source.left, source.right].entries()) {
            const part = values.subarray(channel * ROW, (channel + 1) * ROW);
            completePart(spectra.values, at, masks[channel]![index]!, count, part);
            codec.spectrum().set(part);
            codec.addFrame(outputs[index]![channel]!, start);
          }
        }
      }
      return outputs;
    },
    close: () => networks.close(),
  };
}

function fillFourthPowers(rows: readonly Float64Array[], powers: readonly Float64Array[]): void {
  for (const [index, row] of rows.entries()) {
    const power = powers[index]!;
    for (let bin = 0; bin < NETWORK_BINS; bin++) {
      const square = row[bin]! * row[bin]!;
      power[bin] = square * square;
    }
  }
}

/** v = mean over the channels of e^1.75: a little less than power, as the networks' estimates exaggerate contrast. */
function fillPowers(estimates: readonly Float32Array[], frame: number, powers: readonly Float64Array[]): void {
  const left = frame * NETWORK_BINS;
  const right = (SEGMENT_FRAMES + frame) * NETWORK_BINS;
  for (const [index, estimate] of estimates.entries()) {
    const power = powers[index]!;
    for (let bin = 0; bin < NETWORK_BINS; bin++) {
      power[bin] = (contrast(estimate[left + bin]!) + contrast(estimate[right + bin]!)) / 2;
    }
  }
}

function contrast(estimate: number): number {
  const root = Math.sqrt(estimate);
  return estimate * root * Math.sqrt(root);
}

/** Blends the original's mask in, and gives the band above the networks' the mean mask of their top bins, weighted by power. */
function completePart(values: Float32Array, at: number, mask: Float64Array, count: number, part: Float32Array): void {
  let kept = TOP_EPSILON / count;
  let total = TOP_EPSILON;
  for (let bin = 0; bin < NETWORK_BINS; bin++) {
    const re = values[at + 2 * bin]!;
    const im = values[at + 2 * bin + 1]!;
    part[2 * bin] = WIENER_SHARE * part[2 * bin]! + (1 - WIENER_SHARE) * mask[bin]! * re;
    part[2 * bin + 1] = WIENER_SHARE * part[2 * bin + 1]! + (1 - WIENER_SHARE) * mask[bin]! * im;
    if (bin >= NETWORK_BINS - TOP_BINS) {
      const power = re * re + im * im;
      kept += mask[bin]! * power;
      total += power;
    }
  }
  const share = kept / total;
  for (let n = 2 * NETWORK_BINS; n < FRAME_SIZE + 2; n++) part[n] = share * values[at + n]!;
}
