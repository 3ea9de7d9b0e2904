import type { BeatActivations } from '../analysis/heard-by-network.ts';
import { TAPPED_WITHIN } from '../analysis/rhythm-facts.ts';
import { sigmoid } from './count-bars.ts';

/** Where no frame is likelier than this to be a beat, the network knows nothing of the song. */
const FAINTEST = 0.1;
/** What it costs that an interval is e times the wanted one, in beats of the likeliest kind; it grows with the square of the logarithm. */
const UNEVENNESS_COST = 20;

/**
 * The likeliest beats at about one tempo through the whole song, by dynamic programming (Ellis, Beat Tracking by Dynamic Programming, 2007), with the
 * network's probabilities, of which the greatest is 1, in the place of onsets. None where it hears nothing at all.
 */
export function followTempo({ framesPerSecond, beats: logits }: BeatActivations, tempoBpm: number): number[] {
  const period = (60 * framesPerSecond) / tempoBpm;
  const shortest = Math.max(1, Math.round(period / TAPPED_WITHIN));
  const longest = Math.max(shortest, Math.round(period * TAPPED_WITHIN));
  if (logits.length <= longest) return [];
  const greatest = sigmoid(logits.reduce((most, logit) => Math.max(most, logit), -Infinity));
  if (greatest < FAINTEST) return [];
  const costs = Array.from(
    { length: longest + 1 },
    (_, interval) => UNEVENNESS_COST * Math.log(interval / period) ** 2,
  );
  const scores = new Float64Array(logits.length);
  const before = new Int32Array(logits.length).fill(-1);
  for (let frame = 0; frame < logits.length; frame++) {
    let best = 0;
    for (let interval = shortest; interval <= Math.min(frame, longest); interval++) {
      const score = scores[frame - interval]! - costs[interval]!;
      if (score <= best) continue;
      best = score;
      before[frame] = frame - interval;
    }
    scores[frame] = best + sigmoid(logits[frame]!) / greatest;
  }
  const frames: number[] = [];
  const lastBeat = logits.length - longest + scores.subarray(-longest).indexOf(Math.max(...scores.subarray(-longest)));
  for (let frame = lastBeat; frame >= 0; frame = before[frame]!) frames.push(frame);
  return withoutSilentEnds(frames.toReversed(), logits).map((frame) => frame / framesPerSecond);
}

/** From the first to the last beat that is at least half as likely as their root mean square: what is counted before and behind the music goes. */
function withoutSilentEnds(frames: readonly number[], logits: Float32Array): readonly number[] {
  const likely = frames.map((frame) => sigmoid(logits[frame]!));
  const least = Math.sqrt(likely.reduce((sum, p) => sum + p * p, 0) / likely.length) / 2;
  const isHeard = (p: number): boolean => p >= least;
  return frames.slice(likely.findIndex(isHeard), likely.findLastIndex(isHeard) + 1);
}
