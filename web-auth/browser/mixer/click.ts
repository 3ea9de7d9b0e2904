/** A click on every beat that is passed, beside the mix and not stretched with it. */
import type { Loop } from './messages.ts';

export interface Click {
  setBeats(beats: readonly number[]): void;
  /** @param from where in the recording the block begins; it passes `rate` samples of it with each of its own */
  add(
    out: readonly Float32Array[],
    block: { from: number; rate: number; count: number; loop: Loop | null; gain: number },
  ): void;
}

const PITCH_HZ = 1200;
const DECAY_SECONDS = 0.008;
const SECONDS = 0.05;
const LEVEL = 0.4;

export function createClick(rateHz: number): Click {
  const sound = Float32Array.from({ length: Math.round(SECONDS * rateHz) }, (_, index) => {
    const seconds = index / rateHz;
    return LEVEL * Math.exp(-seconds / DECAY_SECONDS) * Math.sin(2 * Math.PI * PITCH_HZ * seconds);
  });
  let beats: readonly number[] = [];
  /** Samples of the sound that were heard. */
  let played = sound.length;

  function nextBeat(from: number): number {
    let [low, high] = [0, beats.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((beats[middle] as number) < from) low = middle + 1;
      else high = middle;
    }
    return beats[low] ?? Infinity;
  }

  return {
    setBeats(next) {
      beats = next;
      played = sound.length;
    },
    add(out, { from, rate, count, loop, gain }) {
      if (beats.length === 0) return;
      const end = loop !== null && from < loop.to ? loop.to : Infinity;
      const beat = nextBeat(from);
      const afterJump = loop === null ? Infinity : end - from + nextBeat(loop.from) - loop.from;
      const away = Math.ceil((beat < end ? beat - from : afterJump) / rate);
      for (let step = 0; step < count; step++) {
        if (step === away) played = 0;
        if (played >= sound.length) continue;
        for (const channel of out) channel[step] = (channel[step] as number) + (sound[played] as number) * gain;
        played += 1;
      }
    },
  };
}
