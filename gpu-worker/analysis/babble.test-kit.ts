// Somebody who talks, for tests of what is no song.
import { seededNoise } from './drum-track.test-kit.ts';

/** Formants of vowels in Hz (Peterson and Barney 1952, men). */
const VOWELS = [
  [730, 1090, 2440],
  [270, 2290, 3010],
  [300, 870, 2240],
  [530, 1840, 2480],
  [570, 840, 2410],
] as const;
const FORMANT_WIDTH_HZ = 90;
const HIGHEST_HZ = 3500;

/**
 * Phrases of 3 to 10 syllables with breaths between them: consonants of noise, vowels that glide into each other, a voice that falls through each phrase.
 * No syllable is as long as another, and no pitch is held. The same each time.
 */
export function babble(seconds: number, rateHz: number, seed: number): Float32Array {
  const noise = seededNoise(seed);
  const between = (low: number, high: number): number => low + (0.5 + 0.5 * noise()) * (high - low);
  const samples = new Float32Array(Math.round(seconds * rateHz));
  let phase = 0;
  for (let at = 0.3; at < seconds; at += between(0.25, 0.9)) {
    const syllables = Math.floor(between(3, 11));
    const topHz = between(120, 175);
    let vowel = VOWELS[Math.floor(between(0, VOWELS.length))]!;
    for (let n = 0; n < syllables; n++) {
      const consonantSeconds = between(0.02, 0.11);
      addNoise(samples, { at, seconds: consonantSeconds, gain: between(0.005, 0.06), rateHz }, noise);
      at += consonantSeconds;
      const next = VOWELS[Math.floor(between(0, VOWELS.length))]!;
      const [fromHz, toHz] = [n, n + 1].map((turn) => topHz * (1 - (0.35 * turn) / syllables) * between(0.93, 1.07));
      const vowelSeconds = between(0.06, 0.24);
      const gain = between(0.1, 0.3);
      const first = Math.round(at * rateHz);
      const length = Math.round(vowelSeconds * rateHz);
      for (let k = 0; k < length && first + k < samples.length; k++) {
        const share = k / length;
        const hz = fromHz! + (toHz! - fromHz!) * share;
        phase = (phase + hz / rateHz) % 1;
        const formants = vowel.map((one, f) => one + (next[f]! - one) * share);
        samples[first + k]! += gain * Math.sin(Math.PI * share) * voice(phase, hz, formants);
      }
      vowel = next;
      at += vowelSeconds;
    }
  }
  return samples;
}

/** Harmonics of a falling source, through resonances. */
function voice(phase: number, hz: number, formants: readonly number[]): number {
  let sum = 0;
  for (let harmonic = 1; harmonic * hz < HIGHEST_HZ; harmonic++) {
    let gain = 0;
    for (const formant of formants) gain += 1 / (1 + ((harmonic * hz - formant) / FORMANT_WIDTH_HZ) ** 2);
    sum += ((gain + 0.02) / Math.sqrt(harmonic)) * Math.sin(2 * Math.PI * harmonic * phase);
  }
  return sum;
}

function addNoise(
  samples: Float32Array,
  { at, seconds, gain, rateHz }: { at: number; seconds: number; gain: number; rateHz: number },
  noise: () => number,
): void {
  const first = Math.round(at * rateHz);
  const length = Math.round(seconds * rateHz);
  for (let k = 0; k < length && first + k < samples.length; k++)
    samples[first + k]! += gain * Math.sin((Math.PI * k) / length) * noise();
}
