import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KindEvidence } from './bar-rates.ts';
import type { HeardBars } from './hear-bars.ts';
import { confidencesOf, hasBeat } from './rhythm-confidence.ts';

function hears(likelihood: number, onsets: number, pulseClarity: number): boolean {
  const none: KindEvidence = { mass: new Float32Array(1), nearby: new Float32Array(1), reachFrames: 1 };
  const all: KindEvidence = { ...none, mass: Float32Array.of(onsets) };
  const evidence = { low: all, middle: none, snap: none, high: none, notes: none, harmony: none };
  const song = { evidence, onsets: new Float32Array(1), pitchClasses: new Float32Array(12) };
  return hasBeat([{ likelihood } as HeardBars], song, pulseClarity);
}

for (const [what, likelihood, onsets, pulseClarity, wanted] of [
  ['a slow hymn of an organ', 19, 152, 0.14, true],
  ['a guitar that plays sixteenths alone', 38, 320, 0.45, true],
  ['ten seconds of a soft song', 8.6, 30, 0.33, true],
  ['half a minute of notes at random', 9.7, 49, 0.05, false],
  ['a sentence', 3.4, 32, 0.1, false],
  ['minutes of speech', 28, 420, 0.1, false],
  ['an even voice that reads for minutes', 43, 420, 0.1, false],
  ['a metal band', 57, 728, 0.3, true],
  ['as little of one', 25, 320, 0.3, false],
  ['one stroke', 3, 4, 0, false],
] as const)
  void test(`${what} has ${wanted ? 'a' : 'no'} beat`, () => {
    assert.equal(hears(likelihood, onsets, pulseClarity), wanted);
  });

void test('one drum on every second beat leaves the tempo, and so the metre, in doubt', () => {
  const sure = confidenceWith([1, 1, 1, 1, 1, 1, 1, 1]);
  assert.deepEqual(sure, { tempo: 1, metre: 1 });
  assert.deepEqual(confidenceWith([1, 0, 1, 0, 1, 0, 1, 0]), { tempo: 0.5, metre: 0.5 });
  assert.deepEqual(confidenceWith([0, 1, 0.3, 1, 0.2, 1, 0.1, 1]), sure, 'a little between them is enough');
});

function confidenceWith(struck: readonly number[]): { readonly tempo: number; readonly metre: number } {
  const nearby = Float32Array.from(struck);
  const none: KindEvidence = { mass: new Float32Array(8), nearby: new Float32Array(8), reachFrames: 1 };
  const low: KindEvidence = { ...none, mass: nearby, nearby };
  const evidence = { low, middle: none, snap: none, high: none, notes: none, harmony: none };
  const bars = { likelihood: 100, beliefNats: 100, tempoBpm: 120, beatFrames: Int32Array.from(struck, (_, n) => n) };
  const song = { evidence, onsets: new Float32Array(8), pitchClasses: new Float32Array(96) };
  return confidencesOf(bars as unknown as HeardBars, [], song);
}

void test('where nothing is heard there is no beat', () => {
  assert.equal(
    hasBeat([], { evidence: {} as never, onsets: new Float32Array(0), pitchClasses: new Float32Array(0) }, 1),
    false,
  );
  assert.equal(hears(0, 0, 0), false);
});
