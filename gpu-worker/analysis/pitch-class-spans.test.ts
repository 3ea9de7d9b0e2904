import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHROMA_FRAMES_PER_SECOND, PITCH_CLASSES } from '../dsp/chroma-flux.ts';
import { pitchClassSpans } from './pitch-class-spans.ts';

/** A pitch class a second each, with no common tone. */
function seconds(...classes: readonly (number | null)[]): Float32Array {
  const chroma = new Float32Array(classes.length * CHROMA_FRAMES_PER_SECOND * PITCH_CLASSES);
  classes.forEach((pitchClass, second) => {
    if (pitchClass === null) return;
    for (let t = 0; t < CHROMA_FRAMES_PER_SECOND; t++)
      chroma[(second * CHROMA_FRAMES_PER_SECOND + t) * PITCH_CLASSES + pitchClass] = 1 + t;
  });
  return chroma;
}

void test('spans that end where the pitch classes change are alike in themselves, whatever the level', () => {
  const { coherence } = pitchClassSpans(seconds(0, 5, 7, 0));
  assert.ok(Math.abs(coherence([0, 1, 2, 3, 4]) - 1) < 1e-9);
});

void test('two classes in equal parts have the length of their mean, 1/√2', () => {
  const { coherence } = pitchClassSpans(seconds(0, 5, 7, 0));
  assert.ok(Math.abs(coherence([0, 2, 4]) - Math.SQRT1_2) < 1e-9);
  assert.ok(Math.abs(coherence([0.5, 1.5, 2.5, 3.5]) - Math.SQRT1_2) < 1e-9);
});

void test('silence counts for nothing', () => {
  const { coherence } = pitchClassSpans(seconds(0, null, 5, null));
  assert.ok(Math.abs(coherence([0, 2, 4]) - 1) < 1e-9);
  assert.equal(pitchClassSpans(seconds(null, null)).coherence([0, 2]), 1);
  assert.equal(pitchClassSpans(new Float32Array(0)).coherence([0, 1]), 1);
});

void test('coherences range widely where chords change, little where one lasts', () => {
  const changing = pitchClassSpans(seconds(...Array.from({ length: 16 }, (_, n) => (5 * n) % 12)));
  const lasting = pitchClassSpans(seconds(...Array.from({ length: 16 }, () => 3)));
  assert.ok(changing.range > 0.5);
  assert.ok(lasting.range > 0 && lasting.range < 0.05);
});
