// Struck and sustained sound, without a model: drums from an accompaniment.
import { loadFft } from '../dsp/fft.ts';
import { harmonicMask, maskContextFrames } from '../dsp/hpss.ts';
import { createStft } from '../dsp/stft.ts';
import { sqrtHannPeriodic } from '../dsp/window.ts';
import type { Channels, Separator, SeparatorSession } from '../models/separator.ts';
import { gridWindows } from './window-grid.ts';

export const HPSS_SLOTS = ['percussive', 'harmonic'] as const;

/** Fitzgerald's figures but for the 13 bins (his 17), which part drum loops from guitars, bass and voices 0.2 dB better. */
const FRAME_SIZE = 4096;
const HOP = 1024;
const BINS = FRAME_SIZE / 2 + 1;
const MASK = { bins: BINS, timeWidth: 17, frequencyWidth: 13 };

const STEP_SAMPLES = 256 * HOP;
/** Frames that reach into a window from before it. */
const LEAD_FRAMES = FRAME_SIZE / HOP - 1;
const CONTEXT_FRAMES = LEAD_FRAMES + maskContextFrames(MASK);
/** Root Hann twice at a quarter hop sums to 2. */
const OVERLAP_GAIN = 2;

/** One mask for both channels, so that instruments keep their place. `percussive` is the input less `harmonic`. */
export function createHpss(): Separator {
  return {
    slots: HPSS_SLOTS,
    rateHz: 44_100,
    parallelism: 'windows',
    windows: (totalSamples) => gridWindows(totalSamples, STEP_SAMPLES, CONTEXT_FRAMES * HOP),
    weight: () => null,
    open: openSession,
  };
}

async function openSession(): Promise<SeparatorSession> {
  await loadFft();
  const stft = createStft({ size: FRAME_SIZE, hop: HOP, window: sqrtHannPeriodic(FRAME_SIZE), pad: 'none' });
  const mostFrames = STEP_SAMPLES / HOP + LEAD_FRAMES + 2 * maskContextFrames(MASK);
  const spectra = Array.from({ length: 2 }, () => new Float32Array(mostFrames * stft.stride));
  const magnitudes = new Float32Array(mostFrames * BINS);

  const process = (length: number, mix: Channels): Channels[] => {
    const frames = Math.ceil(length / HOP) + LEAD_FRAMES + 2 * maskContextFrames(MASK);
    for (const [channel, signal] of mix.entries()) {
      for (let frame = 0; frame < frames; frame++)
        stft.analyse(signal, frame * HOP, spectra[channel]!, frame * stft.stride);
    }
    jointMagnitude(spectra[0]!, spectra[1]!, magnitudes.subarray(0, frames * BINS));
    const mask = harmonicMask(magnitudes, frames, MASK);
    const harmonic = spectra.map((values) => {
      const output = new Float32Array(length);
      for (let frame = 0; frame < mask.length / BINS; frame++) {
        const at = (frame + maskContextFrames(MASK)) * stft.stride;
        for (let bin = 0; bin < BINS; bin++) {
          const share = mask[frame * BINS + bin]! / OVERLAP_GAIN;
          values[at + 2 * bin]! *= share;
          values[at + 2 * bin + 1]! *= share;
        }
        stft.synthesise(values, at, output, (frame - LEAD_FRAMES) * HOP);
      }
      return output;
    });
    const context = CONTEXT_FRAMES * HOP;
    const percussive = harmonic.map((sustained, channel) => sustained.map((x, n) => mix[channel]![context + n]! - x));
    return [percussive, harmonic];
  };

  return {
    process: (span, mix) => Promise.resolve(process(span.outputEnd - span.outputStart, mix)),
    close: () => Promise.resolve(),
  };
}

/** √(|L|² + |R|²) */
function jointMagnitude(left: Float32Array, right: Float32Array, magnitudes: Float32Array): void {
  for (let n = 0, at = 0; n < magnitudes.length; n++, at += 2) {
    const power = left[at]! ** 2 + left[at + 1]! ** 2 + right[at]! ** 2 + right[at + 1]! ** 2;
    magnitudes[n] = Math.sqrt(power);
  }
}
