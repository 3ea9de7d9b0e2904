/** What a picture of a signal needs: its extremes and its level, column by column, as a stream. */

export interface PeakColumns {
  /** Smallest and largest sample of any channel in each column; neither is past 0 on the other side. */
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
  /** Root mean square over all channels. */
  readonly rms: Float32Array;
}

export interface PeakMeter {
  /**
   * Takes the first `count` samples (default: all) of each channel. However a signal is cut into blocks, the columns are the
   * same to the last bit. Samples beyond the promised length are left out.
   */
  push(channels: readonly Float32Array[], count?: number): void;
  /** Call once, after the last sample. */
  columns(): PeakColumns;
}

/**
 * Cuts `samples` samples per channel into `columns` columns of equal width, give or take a sample; into one per sample where
 * there are fewer.
 */
export function createPeakMeter(format: {
  readonly samples: number;
  readonly channels: number;
  readonly columns: number;
}): PeakMeter {
  const width = Math.min(format.columns, format.samples);
  const lowest = new Float32Array(width);
  const highest = new Float32Array(width);
  /** Per channel: sums in the order of samples, so that cuts between blocks change no rounding. */
  const energies = Array.from({ length: format.channels }, () => new Float64Array(width));
  let column = 0;
  let taken = 0;

  function boundary(index: number): number {
    return Math.round((index * format.samples) / width);
  }

  function extend(samples: Float32Array, energy: Float64Array, start: number, end: number): void {
    const at = column;
    let low = lowest[at] as number;
    let high = highest[at] as number;
    let sum = energy[at] as number;
    for (let index = start; index < end; index++) {
      const value = samples[index] as number;
      if (value < low) low = value;
      if (value > high) high = value;
      sum += value * value;
    }
    lowest[at] = low;
    highest[at] = high;
    energy[at] = sum;
  }

  return {
    push(channels, count = channels[0]?.length ?? 0) {
      for (let start = 0; start < count && column < width;) {
        const end = Math.min(count, start + boundary(column + 1) - taken);
        channels.forEach((samples, index) => extend(samples, energies[index] as Float64Array, start, end));
        taken += end - start;
        start = end;
        if (taken === boundary(column + 1)) column += 1;
      }
    },
    columns() {
      const rms = lowest.map((_, index) => {
        const energy = energies.reduce((sum, channel) => sum + (channel[index] as number), 0);
        return Math.sqrt(energy / ((boundary(index + 1) - boundary(index)) * format.channels));
      });
      return { lowest, highest, rms };
    },
  };
}
