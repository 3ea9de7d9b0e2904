/** Decoded samples of all stems, by segment: what is there is there for every stem, or it cannot be played. */
import type { PackShape } from './messages.ts';

/** 16 bits, as they were packed: half the memory of floats, and not a bit less. */
type Segment = readonly Int16Array[];

export interface SegmentStore {
  put(stem: number, index: number, segment: Segment): void;
  /** Of all stems. */
  drop(index: number): void;
  /** Whether every stem has every sample of it. What lies before the start or behind the end counts as there: it is silent. */
  has(position: number, count: number): boolean;
  /**
   * Adds a stem to `left` and `right` from `offset` on, its level going from `gain` to `gainAfter`.
   * @returns its highest level
   */
  add(stem: number, run: Run, left: Float32Array, right: Float32Array): number;
}

export interface Run {
  readonly position: number;
  readonly count: number;
  readonly offset: number;
  readonly gain: number;
  readonly gainAfter: number;
}

const FULL_SCALE = 32_768;

export function createSegmentStore({ samples, segmentSamples, scales, channels }: PackShape): SegmentStore {
  const stems = scales.map(() => new Map<number, Segment>());

  function hasSegment(index: number): boolean {
    for (const segments of stems) if (!segments.has(index)) return false;
    return true;
  }

  return {
    put(stem, index, segment) {
      stems[stem]?.set(index, segment);
    },
    drop(index) {
      for (const segments of stems) segments.delete(index);
    },
    has(position, count) {
      const first = Math.floor(Math.max(0, position) / segmentSamples);
      const end = Math.min(samples, position + count);
      for (let index = first; index * segmentSamples < end; index++) if (!hasSegment(index)) return false;
      return true;
    },
    add(stem, { position, count, offset, gain, gainAfter }, left, right) {
      const segments = stems[stem];
      if (segments === undefined || (gain === 0 && gainAfter === 0)) return 0;
      const factor = (scales[stem] as number) / FULL_SCALE;
      const slope = (gainAfter - gain) / count;
      let highest = 0;
      for (let done = Math.max(0, -position); done < count;) {
        const at = position + done;
        if (at >= samples) break;
        const index = Math.floor(at / segmentSamples);
        const within = at - index * segmentSamples;
        const run = Math.min(count - done, segmentSamples - within, samples - at);
        const segment = segments.get(index);
        if (segment !== undefined) {
          const one = segment[0] as Int16Array;
          const two = channels === 1 ? one : (segment[1] as Int16Array);
          for (let step = 0; step < run; step++) {
            const level = (gain + slope * (done + step)) * factor;
            const a = (one[within + step] as number) * level;
            const b = (two[within + step] as number) * level;
            const to = offset + done + step;
            left[to] = (left[to] as number) + a;
            right[to] = (right[to] as number) + b;
            const high = Math.max(Math.abs(a), Math.abs(b));
            if (high > highest) highest = high;
          }
        }
        done += run;
      }
      return highest;
    },
  };
}
