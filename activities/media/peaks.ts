/** What a waveform is drawn from: lowest and highest sample of each of many equal parts, as samples stream by. */

/** Int8 holds -128 to 127; full scale is 127 on both sides. */
const FULL_SCALE = 127;

export interface Peaks {
  /** Takes interleaved samples; done with the array when it returns. */
  push(samples: Float32Array): void;
  /** Pairs of lowest and highest, over all channels. */
  read(): Int8Array;
}

/** @param samples per channel, of the whole sound */
export function createPeaks({ samples, channels, parts }: { samples: number; channels: number; parts: number }): Peaks {
  const lowest = new Float32Array(parts);
  const highest = new Float32Array(parts);
  const valuesPerPart = (samples * channels) / parts;
  let values = 0;
  return {
    push(block) {
      for (let from = 0; from < block.length;) {
        const part = Math.min(parts - 1, Math.floor(values / valuesPerPart));
        const end = part === parts - 1 ? Infinity : Math.ceil((part + 1) * valuesPerPart);
        const to = Math.min(block.length, from + Math.max(1, end - values));
        let low = lowest[part] as number;
        let high = highest[part] as number;
        for (let index = from; index < to; index++) {
          const value = block[index] as number;
          if (value < low) low = value;
          if (value > high) high = value;
        }
        lowest[part] = low;
        highest[part] = high;
        values += to - from;
        from = to;
      }
    },
    read() {
      const pairs = new Int8Array(parts * 2);
      for (let part = 0; part < parts; part++) {
        pairs[part * 2] = asInt8(lowest[part] as number);
        pairs[part * 2 + 1] = asInt8(highest[part] as number);
      }
      return pairs;
    },
  };
}

/** What is there at all is seen. */
function asInt8(value: number): number {
  const scaled = value < 0 ? Math.floor(value * FULL_SCALE) : Math.ceil(value * FULL_SCALE);
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE, Math.abs(value) < 1 / 4096 ? 0 : scaled));
}
