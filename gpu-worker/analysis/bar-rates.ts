// The rate at which onsets come at each place of a bar, and what it is worth to meet one there.
import type { SoundKind, SoundPattern } from './metre-templates.ts';

/** Onsets of one kind as a density in time. */
export interface KindEvidence {
  /** Mass in each frame; the sum is the number of onsets that the kind is worth. */
  readonly mass: Float32Array;
  /** The mass within reach of each frame, weighed by a triangle of height 1 and half its base {@link reachFrames}. */
  readonly nearby: Float32Array;
  readonly reachFrames: number;
}
export type RhythmEvidence = Readonly<Record<SoundKind, KindEvidence>>;

/** How a beat is divided: places after the beat, in beats. */
export interface Division {
  readonly eighths: readonly number[];
  readonly sixteenths: readonly number[];
}
export const STRAIGHT: Division = { eighths: [0.5], sixteenths: [0.25, 0.75] };
/** From a soft swing (0.6) to a triplet's last third. */
export const SWUNG: Division = { eighths: [0.645], sixteenths: [1 / 3] };
export const DIVISIONS: readonly Division[] = [STRAIGHT, SWUNG];

/** Places of a beat, the beat itself first. */
export function placesOf({ eighths, sixteenths }: Division): number[] {
  return [0, ...eighths, ...sixteenths];
}

/**
 * Onsets are taken for a Poisson process whose rate averages 1 over the bar and peaks at its places with the template's shares. What an onset of
 * mass 1 at each place adds to the log likelihood against one anywhere, less log(1 / stray) for every onset wherever it lies: `log(1 + share · bar / (stray · reach))`.
 * As the rate averages 1, a grid with places where nothing happens has lower peaks, so that tempi and metres can be compared.
 *
 * @param strayShare share of the onsets that lie anywhere
 * @returns beat after beat, the places of a beat in the order of {@link placesOf}
 */
export function placeGains(
  { beats, eighth, sixteenth }: SoundPattern,
  division: Division,
  { barFrames, reachFrames, strayShare }: { barFrames: number; reachFrames: number; strayShare: number },
): Float64Array {
  const shares = beats.flatMap((beat) => [
    beat,
    ...division.eighths.map(() => eighth),
    ...division.sixteenths.map(() => sixteenth),
  ]);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const scale = ((1 - strayShare) / total) * (barFrames / (strayShare * reachFrames));
  return Float64Array.from(shares, (share) => Math.log1p(share * scale));
}
