import { seededNumbers } from './tiny-models/seeded-numbers.ts';
import type { Stereo } from './run-windows.test-kit.ts';

/** Noise under a slowly moving level, a low tone and some steady offset; different left and right. Peak about 0.7. */
export function roughSong(samples: number, seed: number): Stereo {
  const channel = (side: number): Float32Array => {
    const noise = seededNumbers(seed + side, samples, 0.5);
    return noise.map(
      (value, n) => value * (0.6 + 0.4 * Math.sin(n / (313 + side))) + 0.2 * Math.sin(n / (9 + 2 * side)) + 0.01,
    );
  };
  return [channel(0), channel(1)];
}

export function silence(samples: number): Stereo {
  return [new Float32Array(samples), new Float32Array(samples)];
}

/**
 * Three tones up to `highest` cycles per sample, swelling from nothing and fading to it, so that nothing spills beyond them.
 * Left and right differ; the mean is next to nothing.
 */
export function chord(samples: number, highest: number): Stereo {
  const channel = (side: number): Float32Array =>
    Float32Array.from({ length: samples }, (_, n) => {
      const swell = Math.sin((Math.PI * (n + 0.5)) / samples) ** 4;
      const tone = (share: number): number => Math.sin(2 * Math.PI * share * highest * n + side);
      return 0.2 * swell * (tone(0.32) + tone(0.52) + tone(0.85 + 0.15 * side));
    });
  return [channel(0), channel(1)];
}
