import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteF1 } from './note-score.ts';
import type { ScoredNote } from './note-score.ts';

const at = (startSeconds: number, pitchMidi = 60): ScoredNote => ({ startSeconds, pitchMidi });

test('notes count by pitch and by a beginning within 50 ms', () => {
  const wanted = [at(1), at(2), at(3, 64)];
  assert.equal(noteF1(wanted, wanted), 1);
  assert.equal(noteF1(wanted.toReversed(), wanted), 1);
  assert.equal(noteF1([at(1.049), at(1.951), at(3, 64)], wanted), 1);
  assert.equal(noteF1([at(1.051), at(2), at(3, 64)], wanted), 2 / 3);
  assert.equal(noteF1([at(1), at(2), at(3, 65)], wanted), 2 / 3);
  assert.equal(noteF1([], wanted), 0);
});

test('a note too many costs as much as one too few', () => {
  assert.equal(noteF1([at(1), at(2)], [at(1)]), 2 / 3);
  assert.equal(noteF1([at(1)], [at(1), at(2)]), 2 / 3);
});

test('no note counts twice, and as many as possible count', () => {
  assert.equal(noteF1([at(1), at(1.01)], [at(1)]), 2 / 3);
  assert.equal(noteF1([at(1.04), at(1.08)], [at(1), at(1.06)]), 1);
  assert.equal(noteF1([at(0.96), at(1.04)], [at(1), at(1.08)]), 1);
  assert.throws(() => noteF1([at(1)], []), RangeError);
});
