import type { BeatActivations } from '../analysis/heard-by-network.ts';
import { seededRandom } from '../notes/posteriors.test-kit.ts';
import { BEAT_FRAMES_PER_SECOND } from './beat-grid.ts';

export interface MadeUpBeats {
  readonly beatsSeconds: readonly number[];
  /** Numbers of beats. */
  readonly downbeats: ReadonlySet<number>;
  readonly seconds: number;
  /** Beats that the network does not hear. */
  readonly missed?: ReadonlySet<number>;
  /** Where it hears one that is none. */
  readonly extraSeconds?: readonly number[];
}

const SURE = 4;
const NOISE = 0.8;

/** Logits as a network that is rather sure gives them: peaks three frames wide, over -4, and a little noise. */
export function activationsOf({
  beatsSeconds,
  downbeats,
  seconds,
  missed,
  extraSeconds = [],
}: MadeUpBeats): BeatActivations {
  const frames = 1 + Math.floor(seconds * BEAT_FRAMES_PER_SECOND);
  const random = seededRandom(frames);
  const quiet = (): Float32Array => Float32Array.from({ length: frames }, () => -SURE + NOISE * (random() - 0.5));
  const activations = { framesPerSecond: BEAT_FRAMES_PER_SECOND, beats: quiet(), downbeats: quiet() };
  const raise = (logits: Float32Array, at: number): void => {
    const frame = Math.round(at * BEAT_FRAMES_PER_SECOND);
    for (const [offset, share] of [0.6, 1, 0.6].entries()) {
      const index = frame - 1 + offset;
      if (index >= 0 && index < frames) logits[index]! += 2 * SURE * share;
    }
  };
  for (const [n, at] of beatsSeconds.entries()) {
    if (missed?.has(n) === true) continue;
    raise(activations.beats, at);
    if (downbeats.has(n)) raise(activations.downbeats, at);
  }
  for (const at of extraSeconds) raise(activations.beats, at);
  return activations;
}

/** Beats at one tempo from a first one on, each nth of them a downbeat. */
export function evenBeats(
  tempoBpm: number,
  beatsPerBar: number,
  { from = 0.5, seconds = 60, firstDownbeat = 0 } = {},
): Pick<MadeUpBeats, 'beatsSeconds' | 'downbeats' | 'seconds'> {
  const count = Math.floor(((seconds - from) * tempoBpm) / 60);
  const beatsSeconds = Array.from({ length: count }, (_, n) => from + (60 * n) / tempoBpm);
  const downbeats = beatsSeconds.flatMap((_, n) => (n % beatsPerBar === firstDownbeat ? [n] : []));
  return { beatsSeconds, downbeats: new Set(downbeats), seconds };
}
