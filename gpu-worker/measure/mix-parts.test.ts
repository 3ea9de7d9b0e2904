import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { mixParts } from './mix-parts.ts';

const STEPS = 2 ** 23;

function mixed(mix: number, parts: readonly number[], take: 'sum' | 'rest'): number {
  const out = new Float32Array(1);
  mixParts(
    Float32Array.of(mix),
    parts.map((part) => Float32Array.of(part)),
    1,
    take,
    out,
  );
  return out[0] as number;
}

const part = fc.oneof(
  fc.double({ min: -1.5, max: 1.5, noNaN: true }).map(Math.fround),
  fc.float({ min: -4, max: 4, noNaN: true }),
  fc.constantFrom(0, -0, 1, -1, 0.5 / STEPS, -0.5 / STEPS, 2 - 2 ** -23),
);

test('what is wanted and what is left give every sample of the recording', () => {
  const canonical = fc.integer({ min: -STEPS, max: STEPS }).map((steps) => steps / STEPS);
  let compared = 0;
  fc.assert(
    fc.property(canonical, fc.array(part, { minLength: 1, maxLength: 5 }), (mix, parts) => {
      const [want, rest] = [mixed(mix, parts, 'sum'), mixed(mix, parts, 'rest')];
      if (Math.abs(mix - want) >= 2) return;
      compared += 1;
      // Both exact in double precision: no rounding hides anything.
      assert.equal(want + rest, mix);
      assert.ok(Number.isInteger(rest * STEPS));
    }),
    { numRuns: 3000 },
  );
  assert.ok(compared > 1000, String(compared));
});

test('a sum is the nearest step of the grid, in double precision', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const exact = parts.reduce((sum, value) => sum + value, 0);
      fc.pre(Math.abs(exact) < 2);
      const want = mixed(0, parts, 'sum');
      assert.ok(Number.isInteger(want * STEPS));
      assert.ok(Math.abs(want - exact) <= 0.5 / STEPS, `${String(want)} for ${String(exact)}`);
    }),
    { numRuns: 3000 },
  );
  // Float32 would lose the second one beside the first.
  assert.equal(mixed(0, [1, 2 ** -24, 2 ** -24], 'sum'), 1 + 2 ** -23);
});
