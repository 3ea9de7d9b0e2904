// The bass register, by a linear-phase crossover; the rest is exactly what that leaves.
import { createLowPass, lowPassReach } from '../dsp/crossover.ts';
import type { LowPass } from '../dsp/crossover.ts';
import { loadFft } from '../dsp/fft.ts';
import type { Channels, Separator, SeparatorSession } from '../models/separator.ts';
import { gridWindows } from './window-grid.ts';

export const LOW_BAND_SLOTS = ['low', 'rest'] as const;

const RATE_HZ = 44_100;
const STEP_SAMPLES = 2 ** 18;
/** Above the notes of a bass guitar's neck (E1 41 Hz to G3 196 Hz); bass and the rest lose by less, and by more hardly gain. */
const LOW_PASS = { rateHz: RATE_HZ, cutoffHz: 250, transitionHz: 80 };

export function createLowBand(): Separator {
  return {
    slots: LOW_BAND_SLOTS,
    rateHz: RATE_HZ,
    parallelism: 'windows',
    windows: (totalSamples) => gridWindows(totalSamples, STEP_SAMPLES, lowPassReach(LOW_PASS)),
    weight: () => null,
    open: openSession,
  };
}

async function openSession(): Promise<SeparatorSession> {
  await loadFft();
  const lowPass = createLowPass(LOW_PASS);
  return {
    process: (span, mix) => Promise.resolve(splitBands(lowPass, span.outputEnd - span.outputStart, mix)),
    close: () => Promise.resolve(),
  };
}

function splitBands(lowPass: LowPass, length: number, mix: Channels): Channels[] {
  const low = mix.map((signal) => {
    const output = new Float32Array(length);
    lowPass.filter(signal, output);
    return output;
  });
  return [low, low.map((band, channel) => band.map((x, n) => mix[channel]![lowPass.reach + n]! - x))];
}
