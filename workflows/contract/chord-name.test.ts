import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chordName } from './chord-name.ts';

for (const [label, name] of [
  ['C:maj', 'C'],
  ['C', 'C'],
  ['A:min', 'Am'],
  ['A:min7', 'Am7'],
  ['F#:7', 'F#7'],
  ['Bb:maj7', 'Bbmaj7'],
  ['B:hdim7', 'Bm7b5'],
  ['G:maj/3', 'G/B'],
  ['D:maj/3', 'D/F#'],
  ['Eb:maj/3', 'Eb/G'],
  ['A:min/b3', 'Am/C'],
  ['C:7/b7', 'C7/Bb'],
  ['C:maj/9', 'C/D'],
  ['F#:maj/7', 'F#/E#'],
  ['C:maj(9)', 'C'],
  ['C:13', 'C13'],
  ['E:minmaj7', 'Em(maj7)'],
  ['Ab:min/b3', 'Abm/Cb'],
  ['Bb:sus4(b7)', 'Bbsus4'],
  ['H:maj', ''],
  ['N', ''],
  ['X', ''],
] as const) {
  test(`${label} is written ${name === '' ? 'not at all' : name}`, () => {
    assert.equal(chordName(label), name);
  });
}
