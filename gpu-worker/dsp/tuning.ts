// How far a recording lies from A4 = 440 Hz, by the frequencies of its spectral peaks.

/** Peaks outside lie between too few bins, or are partials that stiff strings stretch. */
const LOWEST_HZ = 150;
const HIGHEST_HZ = 1600;
/** A peak stands out if it is so many times the mean magnitude of its spectrum in that range. */
const STANDS_OUT = 3;

export interface TuningMeter {
  /** @param magnitudes of one spectrum, bin k at k·binHz */
  push(magnitudes: Float32Array): void;
  /** Cents, -50 to 50, and how far the peaks agree: 0 not at all, 1 wholly. Null where there were no peaks. */
  reading(): { readonly cents: number; readonly agreement: number } | null;
}

/**
 * Mean direction of all peaks on the circle of one semitone, each counted by the square root of its magnitude. A peak's frequency is that of the
 * parabola through the logarithms of its three bins (Smith and Serra 1987, "PARSHL").
 */
export function createTuningMeter(binHz: number): TuningMeter {
  const first = Math.max(1, Math.ceil(LOWEST_HZ / binHz));
  const last = Math.floor(HIGHEST_HZ / binHz);
  let [x, y, total] = [0, 0, 0];
  return {
    push(magnitudes) {
      const end = Math.min(last, magnitudes.length - 2);
      let mean = 0;
      for (let k = first; k <= end; k++) mean += magnitudes[k]!;
      const least = (STANDS_OUT * mean) / Math.max(1, end - first + 1);
      for (let k = first; k <= end; k++) {
        const here = magnitudes[k]!;
        if (here <= least || here <= magnitudes[k - 1]! || here < magnitudes[k + 1]!) continue;
        const left = Math.log(Math.max(magnitudes[k - 1]!, Number.MIN_VALUE));
        const right = Math.log(Math.max(magnitudes[k + 1]!, Number.MIN_VALUE));
        const shift = (left - right) / (2 * (left - 2 * Math.log(here) + right));
        const semitones = 12 * Math.log2(((k + shift) * binHz) / 440);
        const weight = Math.sqrt(here);
        x += weight * Math.cos(2 * Math.PI * semitones);
        y += weight * Math.sin(2 * Math.PI * semitones);
        total += weight;
      }
    },
    reading: () =>
      total === 0 ? null : { cents: (100 * Math.atan2(y, x)) / (2 * Math.PI), agreement: Math.hypot(x, y) / total },
  };
}
