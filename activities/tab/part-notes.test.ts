import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { TabPart } from '../../workflows/contract/tab.ts';
import { partNotes } from './part-notes.ts';
import { heard } from './random-songs.test-kit.ts';

function pitches(notes: readonly HeardNote[], part: TabPart): number[] {
  return partNotes(notes, part).own.map(({ pitchMidi }) => pitchMidi);
}

const faint = (note: HeardNote): HeardNote => ({ ...note, amplitude: 0.2 });

test('a bass is the lowest line, without its overtones and what is played above it', () => {
  const line = [heard(0, 40, 1), heard(1, 43, 1)];
  const above = [faint(heard(0, 52, 0.9)), heard(0.1, 59, 0.8), heard(1.05, 55, 0.9), heard(1.2, 67, 0.3)];
  assert.deepEqual(pitches([...above, ...line], 'bass'), [40, 43]);
  assert.deepEqual(partNotes([...above, ...line], 'bass').others.length, above.length);
});

test('what hums faintly below a bass hides nothing, nor does a note that has nearly ended', () => {
  assert.deepEqual(pitches([faint(heard(0, 28, 1)), heard(0, 40, 1)], 'bass'), [28, 40]);
  assert.deepEqual(pitches([heard(0, 33, 1), heard(0.6, 40, 1)], 'bass'), [33, 40]);
  assert.deepEqual(pitches([heard(0, 33, 1), heard(0.4, 40, 1)], 'bass'), [33]);
});

test('where a bass is silent, high notes are still not its own', () => {
  assert.deepEqual(pitches([heard(0, 60), heard(1, 61)], 'bass'), [60]);
});

test('a melody is its strongest line, slurs and all', () => {
  const line = [heard(0, 60, 1), heard(0.8, 62, 1), heard(1.7, 64, 1)];
  const beside = [faint(heard(0.1, 72, 0.8)), faint(heard(0.9, 74, 1)), heard(1.8, 52, 0.3)];
  assert.deepEqual(pitches([...beside, ...line], 'melody'), [60, 62, 64]);
});

test('a guitar plays everything, and nothing is lost of anybody', () => {
  const notes = Array.from({ length: 300 }, (_, index) =>
    heard((index * 37) % 50, 30 + ((index * 7) % 50), 0.1 + (index % 9) / 3),
  );
  assert.deepEqual(partNotes(notes, 'guitar'), { own: notes, others: [] });
  for (const part of ['bass', 'melody'] as const) {
    const { own, others } = partNotes(notes, part);
    assert.ok(own.length > 10 && others.length > 10);
    assert.deepEqual(new Set([...own, ...others]), new Set(notes));
  }
});

test('as many notes at once as ever, and none at all', () => {
  assert.deepEqual(partNotes([], 'bass'), { own: [], others: [] });
  assert.equal(pitches([heard(0, 50), heard(0, 50)], 'melody').length, 2);
});
