// Triangles on the mel scale, in the form of Slaney's Auditory Toolbox (1998), which librosa made common.

/** One filter: weights of the bins from `firstBin` on. */
export interface MelFilter {
  readonly firstBin: number;
  readonly weights: Float64Array;
}

/** Below 1 kHz a mel is 200/3 Hz; above, 27 mels are a factor of 6.4. */
const LINEAR_HZ = 200 / 3;
const LOG_FROM_HZ = 1000;
const LOG_STEP = Math.log(6.4) / 27;

export function hzOfMel(mel: number): number {
  const logFrom = LOG_FROM_HZ / LINEAR_HZ;
  return mel < logFrom ? mel * LINEAR_HZ : LOG_FROM_HZ * Math.exp(LOG_STEP * (mel - logFrom));
}

export function melOfHz(hz: number): number {
  return hz < LOG_FROM_HZ ? hz / LINEAR_HZ : LOG_FROM_HZ / LINEAR_HZ + Math.log(hz / LOG_FROM_HZ) / LOG_STEP;
}

export interface MelRange {
  /** Where the first triangle begins; 0 by default. */
  readonly lowestHz?: number;
  /** Where the last one ends; half the rate by default, and at most. */
  readonly highestHz?: number;
  /** What each triangle has of 1: its area over its width in Hz, by default, or its height. */
  readonly unit?: 'area' | 'height';
}

/**
 * Filters evenly spaced in mel.
 * @param size of the transform whose size/2 + 1 powers or magnitudes they weigh
 */
export function melFilters(bands: number, rateHz: number, size: number, range: MelRange = {}): MelFilter[] {
  const { lowestHz = 0, highestHz = rateHz / 2, unit = 'area' } = range;
  const [bottom, top] = [melOfHz(lowestHz), melOfHz(highestHz)];
  const edgesHz = Array.from({ length: bands + 2 }, (_, index) =>
    hzOfMel(bottom + ((top - bottom) * index) / (bands + 1)),
  );
  return Array.from({ length: bands }, (_, band) => {
    const [low, centre, high] = [edgesHz[band]!, edgesHz[band + 1]!, edgesHz[band + 2]!];
    const binHz = rateHz / size;
    const height = unit === 'area' ? 2 / (high - low) : 1;
    const firstBin = Math.ceil(low / binHz);
    const lastBin = Math.min(size / 2, Math.floor(high / binHz));
    const weights = Float64Array.from({ length: Math.max(0, lastBin - firstBin + 1) }, (__, index) => {
      const hz = (firstBin + index) * binHz;
      return height * Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre)));
    });
    return { firstBin, weights };
  });
}
