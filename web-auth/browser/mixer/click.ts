/** A click on every beat that is passed, beside the mix and not stretched with it; the first of a bar is higher and louder. */
import type { ClickTrack, Loop } from './messages.ts';

export interface Click {
  set(track: ClickTrack): void;
  /** @param from where in the recording the block begins; it passes `rate` samples of it with each of its own */
  add(
    out: readonly Float32Array[],
    block: { readonly from: number; readonly rate: number; readonly count: number; readonly loop: Loop | null },
  ): void;
}

const USUAL = { pitchHz: 1200, level: 0.4 };
const FIRST = { pitchHz: 1800, level: 0.7 };
const DECAY_SECONDS = 0.008;
const SECONDS = 0.05;
/** In samples: positions of stretched blocks are rounded, and no block passes less than half a sample with each of its own. */
const ROUNDED = 0.25;
/** What the sums of positions are off by, at most. */
const ROUNDING = 1e-6;
const NONE: ClickTrack = { beats: [], isFirst: [], gain: 1 };

export function createClick(rateHz: number): Click {
  const length = Math.round(SECONDS * rateHz);
  const sounds = [USUAL, FIRST].map(({ pitchHz, level }) =>
    Float32Array.from({ length }, (_, index) => {
      const seconds = index / rateHz;
      return level * Math.exp(-seconds / DECAY_SECONDS) * Math.sin(2 * Math.PI * pitchHz * seconds);
    }),
  ) as [Float32Array, Float32Array];
  let track = NONE;
  let sound = sounds[0];
  /** Samples of the sound that were heard. */
  let played = length;

  /** The first beat at or behind a position. */
  function nextBeat(from: number): number {
    const { beats } = track;
    let [low, high] = [0, beats.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((beats[middle] as number) < from - ROUNDED) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    set(next) {
      track = next;
      if (next.beats.length === 0) played = length;
    },
    add(out, { from, rate, count, loop }) {
      const { beats, isFirst, gain } = track;
      if (beats.length === 0) return;
      const end = loop !== null && from < loop.to ? loop.to : Infinity;
      let beat = nextBeat(from);
      let away = (beats[beat] ?? Infinity) - from;
      if (loop !== null && from + away >= end) {
        beat = nextBeat(loop.from);
        away = end - from + (beats[beat] ?? Infinity) - loop.from;
      }
      const begin = Math.ceil(away / rate - ROUNDING);
      for (let step = 0; step < count; step++) {
        if (step === begin) {
          played = 0;
          sound = sounds[isFirst[beat] === true ? 1 : 0];
        }
        if (played >= length) continue;
        for (const channel of out) channel[step] = (channel[step] as number) + (sound[played] as number) * gain;
        played += 1;
      }
    },
  };
}
