import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadFft } from './fft.ts';
import { pulsePath } from './pulse-path.ts';

before(loadFft);

/** Ones, a period apart that depends on where they are. */
function pulses(frames: number, periodAt: (frame: number) => number): Float32Array {
  const onsets = new Float32Array(frames);
  for (let at = 10; at < frames; at += periodAt(at)) onsets[Math.round(at)] = 1;
  return onsets;
}

void test('finds the period of even pulses, or twice or half of it', () => {
  for (const period of [31.5, 44, 70]) {
    const { periods, clarity } = pulsePath(
      pulses(3000, () => period),
      25,
      100,
    );
    for (const found of periods) {
      const octaves = Math.log2(found / period);
      assert.ok(Math.abs(octaves - Math.round(octaves)) < 0.02, `${String(found)} for ${String(period)}`);
    }
    assert.ok(clarity > 0.25, String(clarity));
  }
});

void test('follows a period that grows by a sixth', () => {
  const frames = 6000;
  const periodAt = (frame: number): number => 60 * (1 + frame / frames / 6);
  const { periods, stepFrames } = pulsePath(pulses(frames, periodAt), 45, 100);
  for (let n = 5; n < periods.length - 5; n++) assert.ok(Math.abs(periods[n]! / periodAt(n * stepFrames) - 1) < 0.03);
});

void test('is not clear for what does not repeat', () => {
  let state = 1;
  const onsets = Float32Array.from({ length: 6000 }, () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  });
  assert.ok(pulsePath(onsets, 25, 100).clarity < 0.15);
  assert.equal(pulsePath(new Float32Array(300), 25, 100).clarity, 0);
});
