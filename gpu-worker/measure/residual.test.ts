import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BrokenStemError, settleSample, subtractStems } from './residual.ts';

const STEPS = 2 ** 23;

/** A multiple of 2^-23 that float32 holds, up to `limit`. */
function canonicalSample(limit: number): fc.Arbitrary<number> {
  const any = fc.integer({ min: -limit * STEPS, max: limit * STEPS }).map((steps) => Math.fround(steps / STEPS));
  return fc.oneof(any, fc.constantFrom(0, 1, -1, limit, -limit, 1 - 1 / STEPS, 2 - 1 / STEPS, -2 + 1 / STEPS));
}

/** Float32 of any exponent up to `limit`, and those where the spacing of float32 changes. */
function stemSample(limit: number): fc.Arbitrary<number> {
  const edges = [1, 2, 4, limit].flatMap((edge) => [edge, edge * (1 - 2 ** -24), -edge, -edge * (1 - 2 ** -24)]);
  return fc.oneof(
    fc.float({ min: -limit, max: limit, noNaN: true }),
    fc.double({ min: -limit, max: limit, noNaN: true }).map(Math.fround),
    fc.integer({ min: -(2 ** 25), max: 2 ** 25 }).map((steps) => Math.fround(steps / 2 ** 24)),
    fc.constantFrom(0, ...edges),
  );
}

function roundedSum(values: readonly number[]): number {
  return Math.round(values.reduce((sum, value) => sum + value, 0) * STEPS) / STEPS + 0;
}

for (const limit of [1, 8, 256]) {
  test(`stems and residual give every sample of the recording, up to ±${String(limit)}`, () => {
    const stems = fc.array(stemSample(limit), { minLength: 1, maxLength: 5 });
    const frames = fc.array(fc.tuple(canonicalSample(limit), stems), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(frames, (cases) => {
        for (const [mix, values] of cases) {
          const columns = values.map((value) => Float32Array.of(value));
          const residual = new Float32Array(1);
          subtractStems(Float32Array.of(mix), columns, 1, residual);
          const parts = [...columns.map((column) => column[0] as number), residual[0] as number];
          assert.equal(roundedSum(parts), mix);
          assert.equal(roundedSum(parts.toReversed()), mix);
        }
      }),
      { numRuns: 2000 },
    );
  });
}

test('changes no stem by more than a last bit, and only where the residual reaches 1', () => {
  let changes = 0;
  fc.assert(
    fc.property(canonicalSample(8), fc.array(stemSample(8), { minLength: 1, maxLength: 5 }), (mix, stems) => {
      const settled = settleSample(mix, stems);
      const changed = settled.stems.flatMap((value, stem) => (value === stems[stem] ? [] : [stem]));
      if (changed.length === 0) return;
      changes += 1;
      assert.equal(changed.length, 1);
      if (!stems.some((value) => Math.abs(value) < 1.9)) return;
      assert.ok(Math.abs(settled.residual) >= 1 - 1 / STEPS);
      const [stem] = changed as [number];
      assert.ok(Math.abs((settled.stems[stem] as number) - (stems[stem] as number)) <= 2 ** -19);
    }),
    { numRuns: 5000 },
  );
  assert.ok(changes > 100, `only ${String(changes)} cases were changed`);
});

test('keeps the sum where neither residual nor stem holds an odd multiple of the grid', () => {
  const mix = 0.5 + 1 / STEPS;
  const { stems, residual } = settleSample(mix, [3, 2.5]);
  assert.equal(roundedSum([...stems, residual]), mix);
});

test('an ordinary residual is the nearest float32 and leaves the stems alone', () => {
  const mix = Float32Array.of(0.5, -0.25);
  const stems = [Float32Array.of(0.3, 0.1), Float32Array.of(0.15, -0.4)];
  const before = stems.map((stem) => stem.slice());
  const residual = new Float32Array(2);
  const { changedStems, mixEnergy, residualEnergy, mixPeakSquare } = subtractStems(mix, stems, 2, residual);
  assert.equal(changedStems.size, 0);
  assert.equal(mixPeakSquare, 0.25);
  assert.deepEqual(stems, before);
  assert.equal(mixEnergy, 0.3125);
  assert.ok(Math.abs(residualEnergy - (0.05 ** 2 + 0.05 ** 2)) < 1e-8);
  assert.ok(Math.abs((residual[0] as number) - 0.05) < 1e-7);
});

test('refuses stems that hold no sound', () => {
  for (const value of [NaN, Infinity, -Infinity, 2 ** 21, 1e30]) {
    const stems = [Float32Array.of(0.1, value), Float32Array.of(0, 0)];
    assert.throws(
      () => subtractStems(new Float32Array(2), stems, 2, new Float32Array(2)),
      BrokenStemError,
      String(value),
    );
  }
});
