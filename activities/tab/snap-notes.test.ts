import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { beatGrid, secondsAt, tickAt } from './beat-grid.ts';
import { groupNotes } from './group-notes.ts';
import { anyRhythm, heard, steadyRhythm } from './random-songs.test-kit.ts';
import { snapNotes } from './snap-notes.ts';

function ticksOf(beats: readonly number[], tempoBpm: number, swing: number | null = null): number[] {
  const notes = beats.map((beat) => heard((beat * 60) / tempoBpm, 60, 0.1));
  const grid = beatGrid(steadyRhythm(tempoBpm, 4, swing), notes.at(-1)?.endSeconds ?? 0);
  return snapNotes(notes, grid).strokes.map(({ startTick }) => startTick);
}

for (const [name, beats, ticks] of [
  ['sixteenths', [0, 0.25, 0.5, 0.75, 1], [0, 3, 6, 9, 12]],
  ['eighths', [0, 0.5, 1, 1.5, 2, 3.5], [0, 6, 12, 18, 24, 42]],
  ['eighth triplets', [0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3], [0, 4, 8, 12, 16, 20]],
  ['both in one bar', [0, 0.25, 0.5, 0.75, 2, 7 / 3, 8 / 3], [0, 3, 6, 9, 24, 28, 32]],
] as const) {
  test(`writes ${name} at 70 to 160 beats a minute`, () => {
    for (let tempoBpm = 70; tempoBpm <= 160; tempoBpm += 10) {
      assert.deepEqual(ticksOf(beats, tempoBpm), ticks, `${tempoBpm} BPM`);
    }
  });
}

test('writes swung eighths as eighths where the song swings, and its triplets as triplets', () => {
  assert.deepEqual(ticksOf([0, 2 / 3, 1, 5 / 3, 2], 140, 0.667), [0, 6, 12, 18, 24]);
  assert.deepEqual(ticksOf([0, 1 / 3, 2 / 3, 1, 5 / 3], 140, 0.667), [0, 4, 8, 12, 18]);
  assert.deepEqual(ticksOf([0, 2 / 3, 1, 5 / 3, 2], 140), [0, 8, 12, 20, 24]);
});

test('finds the slot of players who are up to 15 ms off', () => {
  const slots = fc.uniqueArray(fc.integer({ min: 0, max: 31 }), { minLength: 4, maxLength: 20 });
  fc.assert(
    fc.property(
      slots,
      fc.array(fc.double({ min: -0.015, max: 0.015, noNaN: true }), { minLength: 20, maxLength: 20 }),
      fc.integer({ min: 60, max: 120 }),
      (eighths, offsets, tempoBpm) => {
        const rising = eighths.sort((a, b) => a - b);
        const beats = rising.map((slot, index) => Math.max(0, slot / 2 + ((offsets[index] as number) * tempoBpm) / 60));
        assert.deepEqual(
          ticksOf(beats, tempoBpm),
          rising.map((slot) => slot * 6),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('notes of one stroke share a tick, though they are heard one after the other', () => {
  const notes = [heard(0.5, 52), heard(0.512, 59), heard(0.529, 64), heard(0.58, 67)];
  assert.deepEqual(
    groupNotes(notes).map((group) => group.map(({ pitchMidi }) => pitchMidi)),
    [[52, 59, 64], [67]],
  );
  const grid = beatGrid(steadyRhythm(120, 2), 2);
  assert.deepEqual(
    snapNotes(notes.slice(0, 3), grid).strokes.map(({ startTick, notes: struck }) => [startTick, struck.length]),
    [[12, 3]],
  );
});

test('the same pitch twice within a slot is one note, and the fainter is told', () => {
  const loud = { ...heard(0.04, 60), amplitude: 0.9 };
  const faint = { ...heard(0, 60), amplitude: 0.2 };
  const { strokes, tooFast } = snapNotes([faint, loud], beatGrid(steadyRhythm(120, 1), 2));
  assert.deepEqual(
    strokes.map(({ notes }) => notes.map(({ note }) => note)),
    [[loud]],
  );
  assert.deepEqual(tooFast, [faint]);
});

test('ticks and seconds of any song go forward, and back to where they came from', () => {
  fc.assert(
    fc.property(anyRhythm(), fc.double({ min: 0, max: 20, noNaN: true }), (rhythm, endSeconds) => {
      const grid = beatGrid(rhythm, endSeconds);
      const beats = grid.beatsSeconds;
      assert.ok((beats[0] as number) >= 0 && (beats.at(-2) as number) >= endSeconds);
      assert.deepEqual(grid.bars[0]?.firstBeat, 0);
      assert.equal(
        grid.bars.reduce((sum, bar) => sum + bar.beats, 0),
        beats.length - 1,
      );
      for (const downbeat of rhythm.downbeatsSeconds) {
        assert.ok(grid.bars.some(({ firstBeat }) => Math.abs((beats[firstBeat] as number) - downbeat) < 1e-9));
      }
      let last = -1;
      for (let tick = 0; tick < (beats.length - 1) * grid.ticksPerBeat; tick += 3) {
        const seconds = secondsAt(grid, tick);
        assert.ok(seconds > last);
        last = seconds;
        if (tick % grid.ticksPerBeat === 0) assert.ok(Math.abs(tickAt(grid, seconds) - tick) < 1e-6);
      }
    }),
    { numRuns: 200 },
  );
});
