// Beats at the tempo that a musician says.
import type { BeatActivations } from '../analysis/heard-by-network.ts';
import { TAPPED_WITHIN } from '../analysis/rhythm-facts.ts';
import { followTempo } from './follow-tempo.ts';
import { intervals, median } from './steady-beats.ts';

/** Times as fast or as slow as the network hears it, beyond which its beats are no guide. */
const RATIOS = [1, 2, 3, 4] as const;
const FEWEST_BEATS = 4;

/** Two beats for one, or one for two: of both ways that which has more of the downbeats. @param downbeatLogits at each beat */
export function atFactor(
  beats: readonly number[],
  factor: 0.5 | 2,
  downbeatLogits: readonly number[],
): readonly number[] {
  return factor === 2 ? divided(beats, 2) : everyNth(beats, 2, downbeatLogits);
}

/** The beats that were heard, divided or thinned out, where that gives about this tempo; else those that the network finds likeliest at it. */
export function atTempo(
  activations: BeatActivations,
  tempoBpm: number,
  beats: readonly number[],
  downbeatLogits: readonly number[],
): readonly number[] {
  if (beats.length >= FEWEST_BEATS) {
    const period = median(intervals(beats));
    const faster = (tempoBpm * period) / 60;
    const about = (ratio: number): boolean => Math.abs(Math.log(faster / ratio)) <= Math.log(TAPPED_WITHIN);
    for (const ratio of RATIOS) {
      if (about(ratio)) return divided(beats, ratio);
      if (about(1 / ratio)) return everyNth(beats, ratio, downbeatLogits);
    }
  }
  return followTempo(activations, tempoBpm);
}

function divided(beats: readonly number[], parts: number): readonly number[] {
  return beats.flatMap((at, n) => {
    const next = beats[n + 1];
    return next === undefined ? [at] : Array.from({ length: parts }, (_, part) => at + ((next - at) * part) / parts);
  });
}

function everyNth(beats: readonly number[], nth: number, downbeatLogits: readonly number[]): readonly number[] {
  const worth = Array.from({ length: nth }, (_, from) =>
    downbeatLogits.reduce((sum, logit, n) => (n % nth === from ? sum + Math.max(0, logit) : sum), 0),
  );
  const from = worth.indexOf(Math.max(...worth));
  return beats.filter((_, n) => n % nth === from);
}
