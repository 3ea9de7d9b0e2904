import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNotes } from './create-notes.ts';
import { frameSeconds } from './note-grid.ts';
import { NOTE_DEFAULTS } from './note-options.ts';
import { posteriorsOf, struck } from './posteriors.test-kit.ts';

function of(...notes: readonly ReturnType<typeof struck>[]): ReturnType<typeof posteriorsOf> {
  return posteriorsOf(400, {
    note: notes.flatMap(({ note }) => note),
    onset: notes.flatMap(({ onset }) => onset),
    contour: [{ frames: [0, 400], at: 3 * 40 + 1, value: 0.5 }],
  });
}

test('notes are told in seconds and MIDI numbers, by their start', () => {
  const notes = createNotes(of(struck(40, [200, 230]), struck(60, [20, 50], 0.5)), NOTE_DEFAULTS);
  assert.deepEqual(
    notes.map(({ startSeconds, endSeconds, pitchMidi }) => [startSeconds, endSeconds, pitchMidi]),
    [
      [frameSeconds(20), frameSeconds(50), 81],
      [frameSeconds(200), frameSeconds(230), 61],
    ],
  );
  assert.equal(notes[0]!.amplitude, 0.5);
  assert.deepEqual(notes[1]!.bendCents, Array(30).fill(100 / 3));
});

test('a note that sounds together with another has no bends, one that follows at once has', () => {
  const together = (...notes: ReturnType<typeof struck>[]): boolean[] =>
    createNotes(of(...notes), NOTE_DEFAULTS).map(({ bendCents }) => bendCents === null);
  assert.deepEqual(together(struck(40, [20, 50]), struck(60, [50, 80])), [false, false]);
  assert.deepEqual(together(struck(40, [20, 51]), struck(60, [50, 80])), [true, true]);
  // The long one reaches over the second and the third, which do not touch each other.
  assert.deepEqual(
    together(struck(40, [20, 100]), struck(60, [30, 50]), struck(64, [60, 80]), struck(67, [100, 130])),
    [true, true, true, false],
  );
});

test('one voice sings one note at a time, and all of its notes have bends', () => {
  const both = of(struck(40, [20, 80]), struck(64, [30, 60], 0.5), struck(67, [100, 130]));
  const sung = createNotes(both, { ...NOTE_DEFAULTS, voices: 'one' });
  assert.deepEqual(
    sung.map(({ pitchMidi }) => pitchMidi),
    [61, 88],
  );
  assert.ok(sung.every(({ bendCents }) => bendCents !== null));
});
