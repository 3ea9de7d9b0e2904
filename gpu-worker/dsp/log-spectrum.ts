// Magnitudes on a logarithmic frequency axis, a few bins to the semitone, and what stands out of them.

/** A row of weights over spectrum bins `from` and on, for each bin of the logarithmic axis. */
export interface LogSpectrum {
  /** Bins of the logarithmic axis; bin b lies at `lowestHz · 2^(b / (12 · binsPerSemitone))`. */
  readonly bins: number;
  /** @param magnitudes bin k at k·binHz @param output receives `bins` numbers */
  map(magnitudes: Float32Array, output: Float32Array): void;
}

export interface LogSpectrumOptions {
  readonly lowestHz: number;
  readonly semitones: number;
  readonly binsPerSemitone: number;
  /** Spacing and number of the linear spectrum's bins. */
  readonly binHz: number;
  readonly binCount: number;
}

/**
 * Each bin is the mean of the linear bins under a raised cosine, as wide on either side as the bins of either axis are apart there,
 * whichever is wider (after Mauch and Dixon 2010, "Approximate note transcription for the improved identification of difficult chords", 2.1).
 */
export function createLogSpectrum(options: LogSpectrumOptions): LogSpectrum {
  const { lowestHz, binsPerSemitone, binHz, binCount } = options;
  const bins = options.semitones * binsPerSemitone;
  const from = new Int32Array(bins);
  const weights: Float32Array[] = [];
  const step = 2 ** (1 / (12 * binsPerSemitone)) - 1;
  for (let bin = 0; bin < bins; bin++) {
    const centre = (lowestHz * 2 ** (bin / (12 * binsPerSemitone))) / binHz;
    const half = Math.max(1, centre * step);
    const first = Math.max(0, Math.ceil(centre - half));
    const last = Math.min(binCount - 1, Math.floor(centre + half));
    const row = Float32Array.from(
      { length: Math.max(0, last - first + 1) },
      (_, n) => 0.5 + 0.5 * Math.cos((Math.PI * (first + n - centre)) / half),
    );
    const sum = row.reduce((total, weight) => total + weight, 0);
    from[bin] = first;
    weights.push(sum > 0 ? row.map((weight) => weight / sum) : row);
  }
  return {
    bins,
    map(magnitudes, output) {
      for (let bin = 0; bin < bins; bin++) {
        const row = weights[bin]!;
        const first = from[bin]!;
        let sum = 0;
        for (let n = 0; n < row.length; n++) sum += row[n]! * magnitudes[first + n]!;
        output[bin] = sum;
      }
    },
  };
}

/**
 * What rises above its surroundings, in units of how much they vary: (value - mean) / (deviation + floor) over `width` bins about each, and 0 below. Evens
 * out the fall of spectra towards the treble and takes broad noise away (Mauch and Dixon 2010, 2.1: background subtraction and spectral whitening).
 *
 * @param width bins of the surroundings, odd @param floor share of the spectrum's root mean square: what varies less hardly shows
 */
export function whiten(values: Float32Array, width: number, floor: number, output: Float32Array): void {
  const { length } = values;
  const half = (width - 1) / 2;
  const least = floor * Math.sqrt(values.reduce((total, value) => total + value * value, 0) / Math.max(1, length));
  let [sum, squares, first, end] = [0, 0, 0, 0];
  for (let n = 0; n < length; n++) {
    for (; end < Math.min(length, n + half + 1); end++) {
      sum += values[end]!;
      squares += values[end]! ** 2;
    }
    for (; first < n - half; first++) {
      sum -= values[first]!;
      squares -= values[first]! ** 2;
    }
    const count = end - first;
    const mean = sum / count;
    const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
    const above = values[n]! - mean;
    output[n] = above > 0 && deviation > 1e-9 * mean ? above / (deviation + least) : 0;
  }
}
