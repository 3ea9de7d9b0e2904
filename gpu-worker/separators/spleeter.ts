// Spleeter, the original algorithm sample for sample (Hennequin, Khlif, Voituret, Moussallam 2020, JOSS 5(50) 2154).
import type { Separator, WindowSpan } from '../models/separator.ts';
import { FRAME_SIZE, HOP, samplesOfFrames, SEGMENT_FRAMES } from './spleeter-spectra.ts';

export const SPLEETER_RATE_HZ = 44_100;
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
    open: async (runtime) => {
      // Loaded only where it runs, so that whoever reads the registry does not load the inference engine.
      const { openFastSession } = await import('./spleeter-fast.ts');
      return openFastSession(paths, runtime);
    },
  };
}

function segmentWindows(totalSamples: number): WindowSpan[] {
  if (totalSamples === 0) return [];
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
