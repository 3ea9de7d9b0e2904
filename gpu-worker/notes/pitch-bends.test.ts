import assert from 'node:assert/strict';
import { test } from 'node:test';
import { posteriorsOf } from './posteriors.test-kit.ts';
import type { Block } from './posteriors.test-kit.ts';
import { pitchBends } from './pitch-bends.ts';

const THIRD = 100 / 3;

function bends(pitch: number, contour: readonly Block[]): number[] {
  return pitchBends(posteriorsOf(10, { contour }).contour, { startFrame: 2, endFrame: 6, pitch, amplitude: 1 });
}

test('a contour that slides is read bin by bin, a third of a semitone each', () => {
  const slide = [0, 1, 2, -1].map((bin, n): Block => ({ frames: [2 + n, 3 + n], at: 120 + bin, value: 0.6 }));
  const found = bends(40, slide);
  for (const [n, cents] of [0, THIRD, 2 * THIRD, -THIRD].entries()) assert.ok(Math.abs(found[n]! - cents) < 1e-9);
  assert.equal(found.length, 4);
});

test('what is near weighs more than what is loud and far', () => {
  const near: Block = { frames: [2, 6], at: 121, value: 0.5 };
  // exp(-0.5 (10/5)^2) / exp(-0.5 (1/5)^2) = 0.138
  const weaker: Block = { frames: [2, 6], at: 130, value: 0.5 / 0.14 };
  const stronger: Block = { frames: [2, 6], at: 130, value: 0.5 / 0.137 };
  assert.deepEqual(bends(40, [near, weaker]), [THIRD, THIRD, THIRD, THIRD]);
  assert.deepEqual(
    bends(40, [near, stronger]).map((cents) => Math.round(cents)),
    [333, 333, 333, 333],
  );
});

test('nothing further than 25 bins off is a bend', () => {
  const own: Block = { frames: [2, 6], at: 120, value: 1e-9 };
  assert.deepEqual(bends(40, [own, { frames: [2, 6], at: 146, value: 1 }]), [0, 0, 0, 0]);
  assert.ok(bends(40, [own, { frames: [2, 6], at: 145, value: 1 }])[0]! > 800);
});

test('at both ends of the keyboard there are fewer bins and no other bends', () => {
  for (const pitch of [0, 1, 8, 86, 87]) {
    assert.deepEqual(bends(pitch, [{ frames: [2, 6], at: 3 * pitch, value: 0.5 }]), [0, 0, 0, 0]);
    if (pitch > 0) {
      const lower = bends(pitch, [{ frames: [2, 6], at: 3 * pitch - 2, value: 0.5 }]);
      assert.ok(Math.abs(lower[0]! + 2 * THIRD) < 1e-9);
    }
    const inwards = pitch < 44 ? 1 : -1;
    const near: Block = { frames: [2, 6], at: 3 * pitch + inwards, value: 0.5 };
    const far: Block = { frames: [2, 6], at: 3 * pitch + 10 * inwards, value: 0.5 / 0.14 };
    assert.ok(Math.abs(bends(pitch, [near, far])[0]! - inwards * THIRD) < 1e-9);
  }
});
