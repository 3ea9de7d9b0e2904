import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viterbi } from './viterbi.ts';

const STATES = 3;
const STEPS = 6;
const SEED = 5;

/** Park-Miller, so that every run sees the same numbers. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (4 * state) / 2147483647 - 2;
  });
}

test('finds the same path as trying all of them', () => {
  for (let seed = SEED; seed < SEED + 20; seed++) {
    const emissions = numbers(STATES * STEPS, seed);
    const moves = numbers(STATES * STATES, seed + 1000);
    const initial = numbers(STATES, seed + 2000);
    const at = (step: number): { stay: number; change: number } => ({ stay: -0.1 * step, change: -1 + 0.2 * step });
    let best = { score: Number.NEGATIVE_INFINITY, path: [] as number[] };
    for (let code = 0; code < STATES ** STEPS; code++) {
      const path = Array.from({ length: STEPS }, (_, step) => Math.floor(code / STATES ** step) % STATES);
      const score = path.reduce((sum, state, step) => {
        const emission = emissions[step * STATES + state]!;
        if (step === 0) return initial[state]! + emission;
        const last = path[step - 1]!;
        return sum + emission + (last === state ? at(step).stay : at(step).change + moves[last * STATES + state]!);
      }, 0);
      if (score > best.score) best = { score, path };
    }
    assert.deepEqual([...viterbi(emissions, STATES, moves, at, initial)], best.path, `seed ${String(seed)}`);
  }
});

test('no steps, no path', () => {
  const path = viterbi(
    new Float32Array(0),
    2,
    new Float32Array(4),
    () => ({ stay: 0, change: -1 }),
    new Float32Array(2),
  );
  assert.equal(path.length, 0);
});
