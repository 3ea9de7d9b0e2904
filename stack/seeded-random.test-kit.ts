/** Random points that can be had again: the seed is printed, and `WOODSHED_TEST_SEED` brings it back. */
import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';

/** Numbers from 0 to below 1: mulberry32. */
export function seededRandom(t: TestContext): { readonly seed: number; readonly random: () => number } {
  const seed = Number(process.env.WOODSHED_TEST_SEED ?? randomInt(2 ** 31));
  t.diagnostic(`WOODSHED_TEST_SEED=${String(seed)}`);
  let state = seed;
  return {
    seed,
    random() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
