import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chordName } from './chord-names.ts';

for (const [label, name] of [
  ['C:maj', 'C'],
  ['C', 'C'],
  ['A:min7', 'Am7'],
  ['F#:hdim7', 'F#m7b5'],
  ['G:maj/3', 'G/B'],
  ['C:7/b7', 'C7/Bb'],
  ['D:maj/3', 'D/F#'],
  ['Ab:min/b3', 'Abm/Cb'],
  ['E:minmaj7', 'Em(maj7)'],
  ['Bb:sus4(b7)', 'Bbsus4'],
  ['N', 'N.C.'],
  ['H:maj', 'H:maj'],
  ['constructor', 'constructor'],
] as const) {
  test(`${label} is written ${name}`, () => assert.equal(chordName(label), name));
}
