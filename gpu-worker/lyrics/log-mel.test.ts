import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LISTENING_RATE_HZ, logMel, MEL_BANDS, melWindow } from './log-mel.ts';

const seconds = (length: number, value: (t: number) => number): Float32Array =>
  Float32Array.from({ length: length * LISTENING_RATE_HZ }, (_, n) => value(n / LISTENING_RATE_HZ));

/** Every fourth band of a frame. */
function someBands({ values, frames }: { values: Float32Array; frames: number }, frame: number): number[] {
  return Array.from({ length: MEL_BANDS / 4 }, (_, index) => values[4 * index * frames + frame]!);
}

/**
 * Of 0.5 sin 2π(200 t + 1500 t²), half a second: faster-whisper 1.2.1, `FeatureExtractor()(x)[::4, frame]`.
 */
const REFERENCE: Readonly<Record<number, readonly number[]>> = {
  0: [1.1659, 1.2635, 1.0265, 0.8144, 0.6753, 0.5771, 0.4978, 0.4291, 0.3575, 0.3023, 0.2356, 0.1645, 0.0993, 0.0388, -0.0205, -0.0764, -0.1292, -0.1759, -0.2148, -0.2432],
  20: [-0.553, -0.553, -0.553, -0.3585, 0.2686, 1.4013, 0.536, -0.2584, -0.553, -0.553, -0.553, -0.553, -0.553, -0.553, -0.553, -0.553, -0.553, -0.553, -0.553, -0.553],
  49: [0.0168, 0.0208, 0.0258, 0.0357, 0.0524, 0.0689, 0.0979, 0.139, 0.1842, 0.425, 1.3047, 0.2316, 0.0567, -0.059, -0.152, -0.2288, -0.296, -0.3522, -0.3974, -0.4296],
}; // prettier-ignore

void test("a chirp's bands are those of faster-whisper", async () => {
  const mel = await logMel(seconds(0.5, (t) => 0.5 * Math.sin(2 * Math.PI * (200 * t + 1500 * t * t))));
  assert.equal(mel.frames, 50);
  for (const [frame, wanted] of Object.entries(REFERENCE)) {
    for (const [index, value] of someBands(mel, Number(frame)).entries()) {
      assert.ok(Math.abs(value - wanted[index]!) < 2e-4, `frame ${frame}, band ${4 * index}: ${value}`);
    }
  }
});

void test('silence is the lowest power everywhere; a steady tone is the same in every frame within the signal', async () => {
  const silence = await logMel(new Float32Array(1600));
  assert.ok(silence.values.every((value) => value === -1.5));
  const tone = await logMel(seconds(1, (t) => Math.sin(2 * Math.PI * 1000 * t)));
  const [first, later] = [someBands(tone, 10), someBands(tone, 60)];
  assert.ok(first.every((value, band) => Math.abs(value - later[band]!) < 1e-3));
  // Its power in a frame is (400/4)²; the band's weight at its centre 2 over its width in Hz.
  const highest = Math.max(...tone.values);
  assert.ok(highest > 1.3 && highest < 1.7, String(highest));
  assert.ok(Math.abs(Math.min(...tone.values) - (highest - 2)) < 1e-6);
});

void test('nothing is no frames, and a window is filled up with zeros', async () => {
  assert.equal((await logMel(new Float32Array(0))).frames, 0);
  assert.equal((await logMel(new Float32Array(159))).frames, 0);
  const mel = { values: Float32Array.from({ length: MEL_BANDS * 4 }, (_, index) => index + 1), frames: 4 };
  const window = melWindow(mel, 2, 9, 3);
  assert.deepEqual([...window.subarray(0, 6)], [3, 4, 0, 7, 8, 0]);
});
