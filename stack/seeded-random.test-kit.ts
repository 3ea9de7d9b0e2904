/** Random points that can be had again: the seed is printed, and `WOODSHED_TEST_SEED` brings it back. */
import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';
import { seededRandom } from '../tools/emulators/core/seeded-random.ts';

export function testRandom(t: TestContext): { readonly seed: number; readonly random: () => number } {
  const seed = Number(process.env.WOODSHED_TEST_SEED ?? randomInt(2 ** 31));
  t.diagnostic(`WOODSHED_TEST_SEED=${String(seed)}`);
  return { seed, random: seededRandom(seed) };
}
