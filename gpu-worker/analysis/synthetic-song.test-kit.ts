// Songs of plain harmonic tones, for tests that need to know every note.
import { findHarmony } from './harmony.ts';
import type { Harmony, HarmonyOptions } from './harmony.ts';
import { computePitchFrames } from './pitch-frames.ts';

export const KIT_RATE_HZ = 22_050;

export interface KitNote {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly pitchMidi: number;
}

/** Eight partials, each 0.6 of the one below, decaying by e in 1.5 s; `cents` moves A4. */
export function playNotes(notes: readonly KitNote[], seconds: number, cents = 0): Float32Array {
  const samples = new Float32Array(Math.round(seconds * KIT_RATE_HZ));
  for (const { startSeconds, endSeconds, pitchMidi } of notes) {
    const hz = 440 * 2 ** ((pitchMidi - 69 + cents / 100) / 12);
    const from = Math.round(startSeconds * KIT_RATE_HZ);
    const to = Math.min(samples.length, Math.round(endSeconds * KIT_RATE_HZ));
    for (let partial = 1; partial <= 8 && partial * hz < KIT_RATE_HZ / 2; partial++) {
      const step = (2 * Math.PI * partial * hz) / KIT_RATE_HZ;
      const gain = 0.08 * 0.6 ** (partial - 1);
      for (let n = from; n < to; n++) {
        const age = n - from;
        const attack = Math.min(1, age / 200);
        samples[n]! += gain * attack * Math.exp(-age / (1.5 * KIT_RATE_HZ)) * Math.sin(step * age + partial);
      }
    }
  }
  return samples;
}

/** One chord: `bass` and the tones above it, struck each half of `seconds`. */
export function strum(startSeconds: number, seconds: number, pitches: readonly number[]): KitNote[] {
  return [0, 1].flatMap((half) =>
    pitches.map((pitchMidi) => ({
      startSeconds: startSeconds + (half * seconds) / 2,
      endSeconds: startSeconds + ((half + 1) * seconds) / 2,
      pitchMidi,
    })),
  );
}

/** White noise, Park-Miller from `seed`. */
export function kitNoise(seconds: number, seed: number, gain = 0.1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: Math.round(seconds * KIT_RATE_HZ) }, () => {
    state = (state * 48271) % 2147483647;
    return gain * ((2 * state) / 2147483647 - 1);
  });
}

export function harmonyOf(samples: Float32Array, options: HarmonyOptions): Harmony {
  return findHarmony(computePitchFrames(samples, KIT_RATE_HZ), samples.length / KIT_RATE_HZ, options);
}
