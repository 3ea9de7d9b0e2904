import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHORDS } from '../analysis/chord-vocabulary.ts';
import { BASS_CLASSES, CHORD_CLASSES, NETWORK_CLASSES, shareOutInversions } from './chord-labels.ts';

const at = (label: string): number => {
  const index = CHORD_CLASSES.findIndex((known) => known.label === label);
  assert.ok(index >= 0, label);
  return index;
};

void test('has the classes of the network in its order, and an inversion for each of the decoder', () => {
  assert.equal(NETWORK_CLASSES.length, 170);
  // As the label encoder of crema 0.2.0 lists them.
  assert.deepEqual([0, 13, 14, 28, 42, 56, 70, 167, 168, 169].map((index) => NETWORK_CLASSES[index]!.label), ['A#:7', 'A#:sus4', 'A:7', 'B:7', 'C#:7', 'C:7', 'D#:7', 'G:sus4', 'N', 'X']); // prettier-ignore
  const inverted = CHORDS.filter(({ bassDegree }) => bassDegree !== null).length;
  assert.equal(CHORD_CLASSES.length, 170 + inverted);
  assert.equal(new Set(CHORD_CLASSES.map(({ label }) => label)).size, CHORD_CLASSES.length);
});

void test('shares a chord out between its inversions as the bass is, and loses nothing', () => {
  const tags = new Float32Array(NETWORK_CLASSES.length);
  tags[at('C:maj')] = 0.6;
  tags[at('C:min')] = 0.2;
  tags[at('N')] = 0.2;
  const bass = new Float32Array(BASS_CLASSES);
  bass[0] = 0.1;
  bass[4] = 0.3;
  bass[9] = 0.6;
  const shared = new Float32Array(CHORD_CLASSES.length);
  shareOutInversions(tags, bass, shared);
  const wanted: Record<string, number> = { 'C:maj': 0.15, 'C:maj/3': 0.45, 'C:maj/5': 0, 'C:min': 0.2, N: 0.2 };
  for (const [label, probability] of Object.entries(wanted)) {
    assert.ok(Math.abs(shared[at(label)]! - probability) < 1e-6, `${label}: ${String(shared[at(label)])}`);
  }
  assert.ok(Math.abs(shared.reduce((sum, value) => sum + value, 0) - 1) < 1e-6);
  shareOutInversions(tags, new Float32Array(BASS_CLASSES), shared);
  assert.ok(Math.abs(shared[at('C:maj')]! - 0.6) < 1e-6, 'without a bass it is in root position');
});
