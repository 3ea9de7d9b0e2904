/** Probabilities made by hand: blocks of one value in frames and pitches, everything else 0. */
import { CONTOUR_BINS, PITCHES } from './note-grid.ts';
import type { Posteriors } from './posteriors.ts';

export interface Block {
  /** `end` is not among them. */
  readonly frames: readonly [start: number, end: number];
  /** Pitch or contour bin, from 0. */
  readonly at: number;
  readonly value: number;
}

export function posteriorsOf(
  frames: number,
  planes: { readonly note?: readonly Block[]; readonly onset?: readonly Block[]; readonly contour?: readonly Block[] },
): Posteriors {
  const plane = (values: number, blocks: readonly Block[] = []): Float32Array => {
    const all = new Float32Array(frames * values);
    for (const block of blocks) {
      for (let frame = block.frames[0]; frame < block.frames[1]; frame++) all[frame * values + block.at] = block.value;
    }
    return all;
  };
  return {
    frames,
    note: plane(PITCHES, planes.note),
    onset: plane(PITCHES, planes.onset),
    contour: plane(CONTOUR_BINS, planes.contour),
  };
}

/** A pitch that sounds in these frames, with an onset at the first. */
export function struck(at: number, frames: readonly [number, number], value = 0.8): { note: Block[]; onset: Block[] } {
  return { note: [{ frames, at, value }], onset: [{ frames: [frames[0], frames[0] + 1], at, value: 0.9 }] };
}

/** Smooth random probabilities, most of them low, some above any threshold. */
export function randomPosteriors(frames: number, random: () => number): Posteriors {
  const plane = (values: number): Float32Array => {
    const all = new Float32Array(frames * values);
    for (let value = 0; value < values; value++) {
      let level = random();
      for (let frame = 0; frame < frames; frame++) {
        if (random() < 0.08) level = random() ** 3;
        // Coarse steps: equal values, whose order must not depend on how they are sorted.
        all[frame * values + value] = Math.round(64 * Math.max(0, level + 0.1 * (random() - 0.5))) / 64;
      }
    }
    return all;
  };
  return { frames, note: plane(PITCHES), onset: plane(PITCHES), contour: plane(CONTOUR_BINS) };
}

/** Park and Miller 1988. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
