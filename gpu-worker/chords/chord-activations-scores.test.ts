import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHORDS } from '../analysis/chord-vocabulary.ts';
import type { HarmonyGrid } from '../analysis/harmony-grid.ts';
import type { ChordActivations } from '../analysis/heard-by-network.ts';
import { activationScores } from './chord-activations-scores.ts';
import { CHORD_CLASSES } from './chord-labels.ts';

const LABELS = CHORD_CLASSES.map(({ label }) => label);
const STATES = CHORDS.length + 1;

/** One frame each, ten a second; what is not said is spread evenly. */
function activations(frames: readonly Readonly<Record<string, number>>[]): ChordActivations {
  const probabilities = frames.flatMap((said) => {
    const rest = 1 - Object.values(said).reduce((sum, value) => sum + value, 0);
    return LABELS.map((label) => said[label] ?? rest / (LABELS.length - Object.keys(said).length));
  });
  return { framesPerSecond: 10, labels: LABELS, probabilities: Float32Array.from(probabilities) };
}

function grid(...edgesSeconds: number[]): HarmonyGrid {
  return { edgesSeconds, starts: edgesSeconds.slice(1).map(() => 'free' as const) };
}

/** The likeliest state of each slot, by name. */
function best(scores: Float32Array): string[] {
  return Array.from({ length: scores.length / STATES }, (_, slot) => {
    const row = scores.subarray(slot * STATES, (slot + 1) * STATES);
    const chord = CHORDS[row.indexOf(Math.max(...row))];
    return chord === undefined ? 'N' : `${chord.root}:${chord.quality}/${chord.bass}`;
  });
}

void test('each slot goes to the chord of its own frames', () => {
  const heard = activations([{ 'C:maj': 0.9 }, { 'C:maj': 0.7 }, { 'A:min7': 0.8 }, { N: 0.9 }, { 'G:maj/3': 0.9 }]);
  const scores = activationScores(heard, grid(0, 0.2, 0.3, 0.4, 0.5));
  assert.deepEqual(best(scores), ['0:maj/0', '9:min7/9', 'N', '7:maj/11']);
});

void test('what the decoder has no name for goes to the nearest, and X to nothing', () => {
  const heard = activations([{ 'D:minmaj7': 0.9 }, { 'D:dim7': 0.9 }, { X: 0.9, 'E:min': 0.05 }, { X: 1 }]);
  const scores = activationScores(heard, grid(0, 0.1, 0.2, 0.3, 0.4));
  assert.deepEqual(best(scores).slice(0, 3), ['2:min/2', '2:dim/2', '4:min/4']);
  const unknown = scores.subarray(3 * STATES);
  assert.ok(Math.max(...unknown) - Math.min(...unknown) < 1e-3, 'no chord is any likelier');
});

void test('a slot between two frames, or behind the last, takes the nearest', () => {
  const heard = activations([{ 'C:maj': 0.9 }, { 'F:maj': 0.9 }]);
  const scores = activationScores(heard, grid(0, 0.02, 0.06, 0.09, 0.15, 5, 9));
  assert.deepEqual(best(scores), ['0:maj/0', '0:maj/0', '5:maj/5', '5:maj/5', '5:maj/5', '5:maj/5']);
});

void test('a surer network says more, and a mistaken one can be outvoted', () => {
  const scores = activationScores(activations([{ 'C:maj': 1 }, { 'C:maj': 0.5 }]), grid(0, 0.1, 0.2));
  const state = CHORDS.findIndex(({ root, quality, bass }) => root === 0 && quality === 'maj' && bass === 0);
  const [sure = 0, unsure = 0] = [scores[state], scores[STATES + state]];
  assert.ok(sure > unsure && unsure > 0);
  assert.ok(scores.every((score) => score > -10 && score < 10));
});

void test('labels that are not those of the network, or in another order, are refused', () => {
  const heard = activations([{ 'C:maj': 0.9 }]);
  for (const labels of [LABELS.toReversed(), LABELS.slice(1), [...LABELS, 'Y'], LABELS.with(3, 'C:maj9')]) {
    assert.throws(() => activationScores({ ...heard, labels }, grid(0, 0.1)), RangeError);
  }
});

void test('nothing heard says nothing', () => {
  assert.ok(activationScores(activations([]), grid(0, 0.25, 0.5)).every((score) => score === 0));
  assert.equal(activationScores(activations([{ N: 1 }]), grid(0)).length, 0);
});
