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

/**
 * Filters from 0 Hz to half the rate, evenly spaced in mel, each of area 1 over its width in Hz.
 * @param size of the transform whose size/2 + 1 powers they weigh
 */
export function melFilters(bands: number, rateHz: number, size: number): MelFilter[] {
  const top = melOfHz(rateHz / 2);
  const edgesHz = Array.from({ length: bands + 2 }, (_, index) => hzOfMel((top * index) / (bands + 1)));
  return Array.from({ length: bands }, (_, band) => {
    const [low, centre, high] = [edgesHz[band]!, edgesHz[band + 1]!, edgesHz[band + 2]!];
    const binHz = rateHz / size;
    const firstBin = Math.ceil(low / binHz);
    const lastBin = Math.min(size / 2, Math.floor(high / binHz));
    const weights = Float64Array.from({ length: Math.max(0, lastBin - firstBin + 1) }, (__, index) => {
      const hz = (firstBin + index) * binHz;
      return (2 / (high - low)) * Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre)));
    });
    return { firstBin, weights };
  });
}
