/**
 * Reads the mix at one position for all stems, so that they cannot come apart. Jumps are crossfaded: a seek out of what was playing, a
 * loop out of its last samples into those before its start, so that its period is exact to the sample.
 */
import type { Loop, PackShape } from './messages.ts';
import type { SegmentStore } from './segment-store.ts';

/** 6 ms: too short to be heard as one, long enough to leave no click. */
export const CROSSFADE_SAMPLES = 256;
/** Levels go half of the way in each block of so many samples. */
const GAIN_SAMPLES = 256;
const LEAST_GAIN_STEP = 1e-5;

export interface MixReader {
  /** The next sample to be read. */
  readonly position: number;
  readonly isAtEnd: boolean;
  /** Samples since the position last jumped back to a loop's start; Infinity where it never did. */
  readonly sinceWrap: number;
  loop: Loop | null;
  setGains(gains: readonly number[]): void;
  /** @param isHeard crossfades out of what is playing now */
  seek(position: number, isHeard: boolean): void;
  /** Whether all of the next `count` samples are there. */
  canRead(count: number): boolean;
  /** Overwrites the first `count` samples and goes on by as many. `levels` takes the stems' highest levels where they rise. */
  read(left: Float32Array, right: Float32Array, count: number, levels: Float32Array): void;
  /** What lies before `position`, at the levels of now; the position stays. */
  peek(position: number, count: number, left: Float32Array, right: Float32Array): void;
}

export function createMixReader(store: SegmentStore, { samples, scales }: PackShape): MixReader {
  const targets = new Float64Array(scales.length).fill(1);
  const gains = new Float64Array(scales.length).fill(1);
  const other = [new Float32Array(CROSSFADE_SAMPLES), new Float32Array(CROSSFADE_SAMPLES)] as const;
  const unseen = new Float32Array(scales.length);
  let position = 0;
  let loop: Loop | null = null;
  let sinceWrap = Infinity;
  /** What a seek fades out of. */
  let tail = { position: 0, left: 0 };

  /** All stems, the levels at rest unless `share` of a block's change belongs to this part. */
  function sum(
    at: number,
    count: number,
    offset: number,
    left: Float32Array,
    right: Float32Array,
    levels: Float32Array,
  ): void {
    for (let stem = 0; stem < gains.length; stem++) {
      const gain = gains[stem] as number;
      const gainAfter = nextGain(gain, targets[stem] as number, count);
      const run = { position: at, count, offset, gain, gainAfter };
      const level = store.add(stem, run, left, right);
      if (level > (levels[stem] as number)) levels[stem] = level;
    }
  }

  function settle(count: number): void {
    for (let stem = 0; stem < gains.length; stem++) {
      gains[stem] = nextGain(gains[stem] as number, targets[stem] as number, count);
    }
  }

  /** Fades from what is in `left` and `right` to what lies at `at`, or the other way round. */
  function blend(
    at: number,
    count: number,
    offset: number,
    weightOf: (step: number) => number,
    left: Float32Array,
    right: Float32Array,
  ): void {
    const [otherLeft, otherRight] = other;
    otherLeft.fill(0, 0, count);
    otherRight.fill(0, 0, count);
    sum(at, count, 0, otherLeft, otherRight, unseen);
    for (let step = 0; step < count; step++) {
      const weight = weightOf(step);
      const to = offset + step;
      left[to] = (left[to] as number) * (1 - weight) + (otherLeft[step] as number) * weight;
      right[to] = (right[to] as number) * (1 - weight) + (otherRight[step] as number) * weight;
    }
  }

  /** Longest run from here on that is all of one kind. */
  function runLength(count: number): number {
    let run = Math.min(count, CROSSFADE_SAMPLES);
    if (tail.left > 0) run = Math.min(run, tail.left);
    const end = loop !== null && position < loop.to ? loop.to : Infinity;
    if (loop !== null && end !== Infinity) {
      const fadeFrom = end - fadeOf(loop);
      run = Math.min(run, position < fadeFrom ? fadeFrom - position : end - position);
    }
    return run;
  }

  return {
    get position() {
      return position;
    },
    get isAtEnd() {
      return position >= samples;
    },
    get sinceWrap() {
      return sinceWrap;
    },
    get loop() {
      return loop;
    },
    set loop(next) {
      loop = next;
    },
    setGains(next) {
      for (let stem = 0; stem < targets.length; stem++) targets[stem] = next[stem] ?? 0;
    },
    seek(to, isHeard) {
      tail = { position, left: isHeard ? CROSSFADE_SAMPLES : 0 };
      position = Math.max(0, Math.min(samples, Math.round(to)));
      sinceWrap = Infinity;
      if (!isHeard) gains.set(targets);
    },
    canRead(count) {
      if (loop === null || position >= loop.to || position + count <= loop.to) return store.has(position, count);
      const inside = loop.to - position;
      return (
        store.has(position, inside) && store.has(loop.from - CROSSFADE_SAMPLES, count - inside + CROSSFADE_SAMPLES)
      );
    },
    read(left, right, count, levels) {
      left.fill(0, 0, count);
      right.fill(0, 0, count);
      for (let offset = 0; offset < count;) {
        const run = runLength(count - offset);
        sum(position, run, offset, left, right, levels);
        if (tail.left > 0) {
          const { left: samplesLeft, position: from } = tail;
          blend(from, run, offset, (step) => (samplesLeft - step) / CROSSFADE_SAMPLES, left, right);
          tail = { position: from + run, left: samplesLeft - run };
        }
        if (loop !== null && position < loop.to) {
          const fade = fadeOf(loop);
          const into = position - (loop.to - fade);
          const ahead = position - loop.to + loop.from;
          if (into >= 0) blend(ahead, run, offset, (step) => (into + step + 1) / (fade + 1), left, right);
        }
        settle(run);
        position += run;
        sinceWrap += run;
        if (loop !== null && position === loop.to) {
          position = loop.from;
          sinceWrap = 0;
        }
        offset += run;
      }
    },
    peek(at, count, left, right) {
      left.fill(0, 0, count);
      right.fill(0, 0, count);
      for (let stem = 0; stem < gains.length; stem++) {
        const gain = gains[stem] as number;
        store.add(stem, { position: at, count, offset: 0, gain, gainAfter: gain }, left, right);
      }
    },
  };
}

function fadeOf({ from, to }: Loop): number {
  return Math.min(CROSSFADE_SAMPLES, (to - from) >> 1);
}

function nextGain(gain: number, target: number, count: number): number {
  const next = gain + (target - gain) * Math.min(1, count / GAIN_SAMPLES);
  return Math.abs(next - target) < LEAST_GAIN_STEP ? target : next;
}
