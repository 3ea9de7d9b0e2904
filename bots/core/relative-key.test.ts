import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TONICS } from '../../workflows/contract/analysis.ts';
import { pitchClassOf, scaleOf } from '../../workflows/contract/scales.ts';
import type { NamedKey } from '../../workflows/contract/scales.ts';
import { relativeKey } from './relative-key.ts';

function notesOf({ tonic, mode }: NamedKey): string {
  return scaleOf({ tonic: pitchClassOf(tonic), mode })
    .toSorted((one, other) => one - other)
    .join();
}

for (const tonic of TONICS) {
  for (const mode of ['major', 'minor'] as const) {
    test(`the relative of ${tonic} ${mode} has its notes, and its relative is the key itself`, () => {
      const relative = relativeKey({ tonic, mode });
      assert.notEqual(relative.mode, mode);
      assert.equal(notesOf(relative), notesOf({ tonic, mode }));
      assert.equal(pitchClassOf(relativeKey(relative).tonic), pitchClassOf(tonic));
    });
  }
}

for (const [tonic, mode, otherMode, relative] of [
  ['D', 'minor', 'dorian', 'C'],
  ['F#', 'minor', 'dorian', 'E'],
  ['E', 'minor', 'phrygian', 'C'],
  ['F', 'major', 'lydian', 'C'],
  ['G', 'major', 'mixolydian', 'C'],
  ['A', 'major', 'mixolydian', 'D'],
  ['B', 'minor', 'locrian', 'C'],
] as const) {
  test(`${tonic} ${otherMode} has the notes of ${relative} major`, () => {
    assert.deepEqual(relativeKey({ tonic, mode, otherMode }), { tonic: relative, mode: 'major' });
  });
}
