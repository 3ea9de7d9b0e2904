/** Everything that is measured of a stem, in one pass over its samples. */
import { createLoudnessMeter } from '../dsp/loudness.ts';
import { createPeakMeter } from '../dsp/peaks.ts';
import type { PeakColumns } from '../dsp/peaks.ts';
import { createTruePeakMeter } from '../dsp/true-peak.ts';
import type { WavHeader } from '../wav/wav-header.ts';

export interface StemReadings {
  /** Integrated; null where nothing passes the gates. */
  readonly loudnessLufs: number | null;
  /** Null for digital silence. */
  readonly peakDbtp: number | null;
  readonly peaks: PeakColumns;
}

export interface StemMeter {
  push(channels: readonly Float32Array[], count: number): void;
  readings(): StemReadings;
}

/** `columns`: how wide the picture is. */
export function createStemMeter(
  format: Pick<WavHeader, 'rateHz' | 'channels' | 'samples'>,
  columns: number,
): StemMeter {
  const loudness = createLoudnessMeter(format);
  const truePeak = createTruePeakMeter(format);
  const peaks = createPeakMeter({ ...format, columns });
  return {
    push(channels, count) {
      loudness.push(channels, count);
      truePeak.push(channels, count);
      peaks.push(channels, count);
    },
    readings: () => ({
      loudnessLufs: loudness.integratedLufs(),
      peakDbtp: truePeak.peakDbtp(),
      peaks: peaks.columns(),
    }),
  };
}
