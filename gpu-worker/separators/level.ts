// How a song's level is brought to what a network was trained on, and back by the very same numbers.
import type { Channels, MixStatistics } from '../models/separator.ts';

/** A sample x reaches the network as (x - offset) / scale. */
export interface Level {
  readonly offset: number;
  readonly scale: number;
}

export const UNCHANGED: Level = { offset: 0, scale: 1 };

/** Mean and deviation of the whole song's mono mix, as Demucs and SCNet are run. */
export function standardLevel({ peak, meanMono, standardDeviationMono }: MixStatistics): Level {
  // Where the channels cancel in mono, its deviation says nothing about the level; the peak then does.
  const scale = standardDeviationMono >= 1e-4 * peak ? standardDeviationMono : peak;
  return scale > 0 ? { offset: meanMono, scale } : UNCHANGED;
}

/** The song's peak at `peak`: for networks that are not indifferent to level and were trained on mastered songs. */
export function peakLevel(statistics: MixStatistics, peak: number): Level {
  return statistics.peak > 0 ? { offset: 0, scale: statistics.peak / peak } : UNCHANGED;
}

/** Digital silence: not worth a network's time, and its answer to it would not be silent. */
export function isSilent(channels: Channels): boolean {
  return channels.every((channel) => channel.every((sample) => sample === 0));
}

/** `slots` stereo signals of zeros. */
export function silentSlots(slots: number, samples: number): readonly Channels[] {
  return Array.from({ length: slots }, () => [new Float32Array(samples), new Float32Array(samples)]);
}
