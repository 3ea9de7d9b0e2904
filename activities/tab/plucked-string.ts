/**
 * A plucked string: noise that goes round in a delay line and is smoothed at every turn. After K. Karplus and A. Strong, "Digital Synthesis of
 * Plucked-String and Drum Timbres", Computer Music Journal 7(2), 1983; tuned between samples by the all-pass filter of D. Jaffe and J. Smith,
 * "Extensions of the Karplus-Strong Plucked-String Algorithm", in the same number.
 */

/** Until a string is quieter by 60 dB, apart from what smoothing takes from high notes. */
const DECAY_SECONDS = 5;
/** The two-point mean delays by half a sample. */
const SMOOTHING_DELAY = 0.5;
/** The all-pass filter is stable and even for delays from here to one more. */
const LEAST_DELAY = 0.1;

/** @param samples how long; @returns the string's sound, its first period within -1 and 1 */
export function pluckedString(frequencyHz: number, rateHz: number, samples: number): Float32Array {
  const period = rateHz / frequencyHz;
  const length = Math.floor(period - SMOOTHING_DELAY - LEAST_DELAY);
  const fraction = period - SMOOTHING_DELAY - length;
  const allPass = (1 - fraction) / (1 + fraction);
  const loss = 10 ** (-3 / (frequencyHz * DECAY_SECONDS));
  const line = pluck(length);
  const sound = new Float32Array(samples);
  let index = 0;
  let last = 0;
  let filtered = 0;
  let lastSmooth = 0;
  for (let sample = 0; sample < samples; sample++) {
    const value = line[index] as number;
    sound[sample] = value;
    const smooth = (loss * (value + last)) / 2;
    filtered = allPass * (smooth - filtered) + lastSmooth;
    lastSmooth = smooth;
    last = value;
    line[index] = filtered;
    index = index + 1 === length ? 0 : index + 1;
  }
  return sound;
}

/** Noise of mean 0, the same for every pluck of a length; smoothed once, since a finger is softer than a hammer. */
function pluck(length: number): Float64Array {
  const noise = new Float64Array(length);
  let state = length;
  for (let index = 0; index < length; index++) {
    // The multiplier of Numerical Recipes' "quick and dirty" generator.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise[index] = state / 2 ** 31 - 1;
  }
  const mean = noise.reduce((sum, value) => sum + value, 0) / length;
  return noise.map((value, index) => (value + (noise[(index + 1) % length] as number)) / 2 - mean);
}
