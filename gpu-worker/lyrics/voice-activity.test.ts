import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LISTENING_RATE_HZ } from './log-mel.ts';
import { findVoice, joinSpans } from './voice-activity.ts';

/** A hum of 200 Hz whose level in dB of full scale depends on the time. */
function hum(seconds: number, levelDb: (t: number) => number): Float32Array {
  return Float32Array.from({ length: seconds * LISTENING_RATE_HZ }, (_, n) => {
    const t = n / LISTENING_RATE_HZ;
    return 10 ** (levelDb(t) / 20) * Math.SQRT2 * Math.sin(2 * Math.PI * 200 * t);
  });
}

void test('phrases are found to two hundredths of a second, and short gaps within them are closed', () => {
  const isSung = (t: number): boolean => (t > 1 && t < 2) || (t > 2.1 && t < 3) || (t > 5 && t < 6);
  const spans = findVoice(hum(8, (t) => (isSung(t) ? -20 : -90)));
  assert.equal(spans.length, 2);
  for (const [index, [start, end]] of [[1, 3], [5, 6]].entries()) {
    assert.ok(Math.abs(spans[index]!.startSeconds - start!) <= 0.02 && Math.abs(spans[index]!.endSeconds - end!) <= 0.02);
  }
}); // prettier-ignore

void test('a quiet phrase is found beside a loud one, and a noise floor is no voice', () => {
  const spans = findVoice(hum(8, (t) => (t > 1 && t < 3 ? -15 : t > 5 && t < 6 ? -45 : -70)));
  assert.equal(spans.length, 2);
});

void test('nothing is found in silence, in a steady tone, in noise, in a click and in nothing', () => {
  const seed = { value: 1 };
  const noise = Float32Array.from({ length: 5 * LISTENING_RATE_HZ }, () => {
    seed.value = (seed.value * 48_271) % 2_147_483_647;
    return seed.value / 2_147_483_647 - 0.5;
  });
  const click = new Float32Array(5 * LISTENING_RATE_HZ);
  click[40_000] = 1;
  for (const samples of [
    new Float32Array(80_000),
    hum(5, () => -20),
    noise,
    click,
    new Float32Array(0),
    new Float32Array(100),
  ]) {
    assert.deepEqual(findVoice(samples), []);
  }
});

void test('spans are joined over gaps that are short enough', () => {
  const spans = [
    { startSeconds: 0, endSeconds: 1 },
    { startSeconds: 2, endSeconds: 3 },
    { startSeconds: 7, endSeconds: 8 },
  ];
  assert.deepEqual(joinSpans(spans, 2), [{ startSeconds: 0, endSeconds: 3 }, spans[2]]);
});
