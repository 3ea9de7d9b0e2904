import type { BeatActivations } from '../analysis/heard-by-network.ts';

export interface PickedBeats {
  /** Rising; multiples of half a frame's time, or of less. */
  readonly beatsSeconds: readonly number[];
  /** A subset of the beats, wherever there is any beat. */
  readonly downbeatsSeconds: readonly number[];
}

/** A beat is the highest of so many frames to either side: 70 ms. */
const REACH_FRAMES = 3;

/**
 * The published way from logits to beats, which needs no model of bars (Foscarin, Schlüter and Widmer 2024, section 3.4; CPJKU/beat_this
 * postprocessor.py, `minimal`): peaks that are likelier than not, equal neighbours as one, every downbeat moved to the beat that is nearest.
 */
export function pickBeats({ framesPerSecond, beats, downbeats }: BeatActivations): PickedBeats {
  const secondsOf = (logits: Float32Array): number[] => peakFrames(logits).map((frame) => frame / framesPerSecond);
  const beatsSeconds = secondsOf(beats);
  const heard = secondsOf(downbeats);
  if (beatsSeconds.length === 0) return { beatsSeconds, downbeatsSeconds: heard };
  // Nearest in seconds, as there: which of two as near is taken depends on how they are rounded.
  const moved = heard.map((seconds) => beatsSeconds[nearest(beatsSeconds, seconds)]!);
  return { beatsSeconds, downbeatsSeconds: [...new Set(moved)] };
}

function peakFrames(logits: Float32Array): number[] {
  const peaks: number[] = [];
  logits.forEach((logit, frame) => {
    if (logit > 0 && isHighest(logits, frame)) peaks.push(frame);
  });
  return joinNeighbours(peaks);
}

function isHighest(logits: Float32Array, frame: number): boolean {
  const last = Math.min(logits.length - 1, frame + REACH_FRAMES);
  for (let at = Math.max(0, frame - REACH_FRAMES); at <= last; at++) if (logits[at]! > logits[frame]!) return false;
  return true;
}

/** A peak no more than a frame behind the mean of those before it counts into that mean. */
function joinNeighbours(peaks: readonly number[]): number[] {
  const joined: number[] = [];
  let count = 0;
  for (const peak of peaks) {
    const mean = joined.at(-1);
    if (mean !== undefined && peak - mean <= 1) joined[joined.length - 1] = mean + (peak - mean) / ++count;
    else {
      joined.push(peak);
      count = 1;
    }
  }
  return joined;
}

/** Index of the nearest of rising numbers, of which there is at least one; of two that are as near, the first. */
export function nearest(rising: readonly number[], wanted: number): number {
  let [low, high] = [0, rising.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low > 0 && wanted - rising[low - 1]! <= rising[low]! - wanted ? low - 1 : low;
}
