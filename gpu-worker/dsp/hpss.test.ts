import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmonicMask } from './hpss.ts';

const options = { bins: 200, timeWidth: 17, frequencyWidth: 17 };
const FRAMES = 60;

/** A line of sustained sound at bin 80 and a stroke at frame 30, over a faint floor. */
function cross(): Float32Array {
  return Float32Array.from({ length: FRAMES * options.bins }, (_, n) => {
    const frame = Math.floor(n / options.bins);
    const bin = n % options.bins;
    return 0.001 + (bin === 80 ? 1 : 0) + (frame === 30 ? 1 : 0);
  });
}

void test('keeps a sustained partial, gives a stroke away, and shares where they cross', () => {
  const mask = harmonicMask(cross(), FRAMES, options);
  assert.equal(mask.length, (FRAMES - 16) * options.bins);
  const at = (frame: number, bin: number): number => mask[(frame - 8) * options.bins + bin]!;
  assert.ok(at(15, 80) > 0.999);
  assert.ok(at(30, 20) < 0.001);
  assert.ok(Math.abs(at(30, 80) - 0.5) < 0.01);
  assert.ok(Math.abs(at(15, 20) - 0.5) < 0.01);
});

void test('does not depend on the level', () => {
  const quiet = harmonicMask(
    cross().map((x) => x * 2 ** -20),
    FRAMES,
    options,
  );
  assert.deepEqual(quiet, harmonicMask(cross(), FRAMES, options));
});

void test('shares silence evenly', () => {
  const mask = harmonicMask(new Float32Array(20 * options.bins), 20, options);
  assert.ok(mask.every((x) => x === 0.5));
});
