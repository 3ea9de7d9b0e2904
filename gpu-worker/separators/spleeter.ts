// Spleeter (Hennequin, Khlif, Voituret, Moussallam 2020, JOSS 5(50) 2154), as it was published and better.
import type { Quality } from '../../workflows/contract/request.ts';
import type { Separator, WindowSpan } from '../models/separator.ts';
import { FRAME_SIZE, HOP, samplesOfFrames, SEGMENT_FRAMES } from './spleeter-spectra.ts';

const RATE_HZ = 44_100;
const SEGMENT_SAMPLES = SEGMENT_FRAMES * HOP;

/**
 * Windows are Spleeter's own 512-frame segments, counted from one frame of zeros before the song. Each gives the inverse transform of
 * its own frames and reaches over the next one's first 3,072 samples; contributions sum to the stem, so there is no weight.
 *
 * `fast` is the original sample for sample: what its networks do not see, from 11,025 Hz up, is in no stem.
 * `best` runs the networks as often and makes more of what they say.
 *
 * @param paths one ONNX graph per slot in the order of the slots, or one of all slots
 */
export function createSpleeter(slots: readonly string[], paths: readonly string[], quality: Quality): Separator {
  return {
    slots,
    rateHz: RATE_HZ,
    parallelism: 'windows',
    windows: segmentWindows,
    weight: () => null,
    // Loaded only where it runs, so that whoever reads the registry does not load the inference engine.
    async open(runtime) {
      if (quality === 'fast') return (await import('./spleeter-fast.ts')).openFastSession(paths, slots, runtime);
      return (await import('./spleeter-best.ts')).openBestSession(paths, slots, runtime);
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
