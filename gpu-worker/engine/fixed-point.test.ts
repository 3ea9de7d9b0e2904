import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { addContribution, fixedPointScale } from './fixed-point.ts';

test('the peak lies between 2^25 and 2^26 counts', () => {
  for (const [peak, quantum] of [
    [1, 2 ** -26],
    [0.5, 2 ** -27],
    [0.500001, 2 ** -26],
    [0.999, 2 ** -26],
    [1.001, 2 ** -25],
    [Math.fround(1e-45), 2 ** -175],
    [1e38, 2 ** (127 - 26)],
  ] as const) {
    assert.equal(fixedPointScale(peak, 1).quantum, quantum);
  }
  for (const peak of [0, NaN, Infinity, -1]) assert.throws(() => fixedPointScale(peak, 1), RangeError);
});

test('rounds to the nearest count', () => {
  const scale = fixedPointScale(1, 2);
  const counts = new Int32Array(4).fill(10);
  const contribution = Float32Array.from([9, 0.4, 0.6, -0.6, 9], (value) => value * scale.quantum);
  addContribution(counts, 1, contribution, 1, 3, scale);
  assert.deepEqual([...counts], [10, 10, 11, 9]);
});

test('counts are what Math.round makes of the samples, halves too', () => {
  const sample = fc.float({ noNaN: true, min: -8, max: 8 });
  const halves = fc.integer({ min: -(2 ** 23), max: 2 ** 23 }).map((half) => half * 2 ** -27);
  fc.assert(
    fc.property(fc.array(fc.oneof(sample, halves), { minLength: 1 }), (values) => {
      const { quantum, limit } = fixedPointScale(1, 2);
      const contribution = Float32Array.from(values);
      const counts = new Int32Array(values.length);
      addContribution(counts, 0, contribution, 0, values.length, { quantum, limit });
      const kept = (value: number): number => Math.min(limit, Math.max(-limit, Math.round(value / quantum)));
      assert.deepEqual(counts, Int32Array.from(contribution, kept));
    }),
  );
});

test('saturates, so that as many contributions as overlap cannot overflow', () => {
  const scale = fixedPointScale(1, 8);
  const counts = new Int32Array(2);
  for (let time = 0; time < 8; time++) addContribution(counts, 0, Float32Array.of(1e30, -Infinity), 0, 2, scale);
  assert.ok((counts[0] as number) > 2 ** 31 - 10);
  assert.equal(counts[1], -(counts[0] as number));
});

test('refuses samples that are not numbers', () => {
  const scale = fixedPointScale(1, 1);
  assert.throws(() => addContribution(new Int32Array(1), 0, Float32Array.of(NaN), 0, 1, scale), RangeError);
});

test('the order and grouping of contributions changes no bit', () => {
  const sample = fc.float({ noNaN: true, min: -4, max: 4 });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 2, maxLength: 8 }), fc.nat(), (values, cut) => {
      const scale = fixedPointScale(1, values.length);
      const add = (counts: Int32Array, part: readonly number[]): Int32Array => {
        for (const value of part) addContribution(counts, 0, Float32Array.of(value), 0, 1, scale);
        return counts;
      };
      const whole = add(new Int32Array(1), values)[0] as number;
      const at = cut % values.length;
      const first = add(new Int32Array(1), values.slice(at))[0] as number;
      const second = add(new Int32Array(1), values.slice(0, at))[0] as number;
      assert.equal(first + second, whole);
    }),
  );
});
