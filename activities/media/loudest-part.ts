/** Where a sound is loudest, and how that part looks, from its samples as they stream by. */

/** Steps of both in seconds: fine enough for a picture of 256 columns over a second and more. */
const STEP_SECONDS = 0.01;
const LARGEST_BYTE = 255;

export interface LoudnessProfile {
  /** Takes interleaved samples; done with the array when it returns. */
  push(samples: Float32Array): void;
  /** Samples per channel so far. */
  readonly samples: number;
  /** Seconds from the start to the window of `windowSeconds` with the most energy; 0 for a shorter sound. The earliest of equals. */
  loudestStart(windowSeconds: number): number;
  /** At most `columns` peaks of that part, 0 to 255, where 255 is its highest; all 0 for silence. */
  peaks(startSeconds: number, seconds: number, columns: number): Uint8Array;
}

export function createLoudnessProfile({ rateHz, channels }: { rateHz: number; channels: number }): LoudnessProfile {
  const stepValues = Math.max(1, Math.round(rateHz * STEP_SECONDS)) * channels;
  const stepSeconds = stepValues / channels / rateHz;
  const energies: number[] = [];
  const highest: number[] = [];
  let values = 0;

  function add(samples: Float32Array, from: number, to: number, step: number): void {
    let energy = energies[step] ?? 0;
    let high = highest[step] ?? 0;
    for (let index = from; index < to; index++) {
      const value = samples[index] as number;
      energy += value * value;
      if (Math.abs(value) > high) high = Math.abs(value);
    }
    energies[step] = energy;
    highest[step] = high;
  }

  return {
    push(samples) {
      for (let from = 0; from < samples.length;) {
        const step = Math.floor(values / stepValues);
        const to = Math.min(samples.length, from + (step + 1) * stepValues - values);
        add(samples, from, to, step);
        values += to - from;
        from = to;
      }
    },
    get samples() {
      return values / channels;
    },
    loudestStart(windowSeconds) {
      const width = Math.round(windowSeconds / stepSeconds);
      let sum = 0;
      let most = -1;
      let best = 0;
      for (const [step, energy] of energies.entries()) {
        // The last step may be a part of one: its window would end behind the sound, and is not tried.
        if ((step + 1) * stepValues > values) break;
        sum += energy - (energies[step - width] ?? 0);
        if (step + 1 >= width && sum > most * (1 + Number.EPSILON * 1e3)) {
          most = sum;
          best = step + 1 - width;
        }
      }
      return best * stepSeconds;
    },
    peaks(startSeconds, seconds, columns) {
      const first = Math.round(startSeconds / stepSeconds);
      const part = highest.slice(first, first + Math.max(1, Math.round(seconds / stepSeconds)));
      const full = Math.max(0, ...part);
      const width = Math.min(columns, part.length);
      return Uint8Array.from({ length: width }, (_, column) => {
        const from = Math.floor((column * part.length) / width);
        const to = Math.floor(((column + 1) * part.length) / width);
        return full === 0 ? 0 : Math.round((Math.max(...part.slice(from, to)) / full) * LARGEST_BYTE);
      });
    },
  };
}
