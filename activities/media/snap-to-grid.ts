const STEPS = 2 ** 23;

/** 48 dB above full scale. A sample beyond it is damage or a mistake of the exporting program, not music. */
export const LOUDEST_SAMPLE = 256;

/**
 * Rounds every sample to the nearest multiple of 2^-23, in place, so that audio of up to 24 bits stays as it is and all other becomes
 * summable without loss. NaN and infinity become 0, samples beyond 256 are cut to it.
 * @returns how many samples had to be mended so.
 */
export function snapToGrid(samples: Float32Array): number {
  let mended = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    if (Math.abs(sample) <= LOUDEST_SAMPLE) {
      // Adding 0 turns -0 into 0: one silence, one hash.
      samples[index] = Math.round(sample * STEPS) / STEPS + 0;
    } else {
      mended += 1;
      samples[index] = Number.isFinite(sample) ? Math.sign(sample) * LOUDEST_SAMPLE : 0;
    }
  }
  return mended;
}
