import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScoreBeat, ScoreNote } from '../activities/tab/tab-score.ts';
import { sheetDifferences, sheetOf } from './sheet.ts';
import type { WrittenScore } from './sheet.ts';
import { sheetSongs } from './sheet-songs.ts';

const note = (tied: boolean): ScoreNote => ({ pitchMidi: 64, string: 2, fret: 5, tied, letRing: !tied });
const beat = (startTick: number, notes: readonly ScoreNote[], chord: string | null = null): ScoreBeat => ({
  startTick,
  ticks: 24,
  value: { denominator: 2, dots: 0, triplet: false },
  notes,
  chord,
});
const bar = (beats: readonly ScoreBeat[]): WrittenScore['bars'][number] => ({ beatsPerBar: 4, beatUnit: 4, beats });
const BARS = [
  bar([beat(0, [], 'Bb:min7/b3'), beat(24, [note(false)], 'N')]),
  bar([beat(0, [note(true)]), beat(24, [note(true)])]),
];

test('a score wants its notes with ties over bar lines, its chords by what they sound like, and its metre', () => {
  const where = { ticks: 24, pitchMidi: 64, string: 2, fret: 5 };
  assert.deepEqual(sheetOf({ bars: BARS }), {
    bars: [
      { beatsPerBar: 4, beatUnit: 4 },
      { beatsPerBar: 4, beatUnit: 4 },
    ],
    notes: [
      { bar: 0, startTick: 24, ...where, tie: 'start' },
      { bar: 1, startTick: 0, ...where, tie: 'continue' },
      { bar: 1, startTick: 24, ...where, tie: 'stop' },
    ],
    chords: [{ bar: 0, startTick: 0, root: 'Bb', bass: 'Db', pitchClasses: [1, 5, 8, 10] }],
  });
});

test('whatever is lost, new or otherwise is told, and the order of what sounds together is not', () => {
  const sheet = sheetOf({ bars: BARS });
  const [first, ...others] = sheet.notes;
  assert.ok(first);
  assert.deepEqual(sheetDifferences(sheet, { ...sheet, notes: sheet.notes.toReversed() }), []);
  assert.deepEqual(sheetDifferences(sheet, { ...sheet, notes: others }), ['lost of notes: [0,24,24,64,"start",2,5]']);
  assert.deepEqual(sheetDifferences(sheet, { ...sheet, notes: [first, ...sheet.notes] }), [
    'new in notes: [0,24,24,64,"start",2,5]',
  ]);
  for (const change of [
    { bar: 1 },
    { startTick: 0 },
    { ticks: 23 },
    { pitchMidi: 65 },
    { tie: null },
    { string: 1 },
    { fret: null },
  ]) {
    assert.equal(sheetDifferences(sheet, { ...sheet, notes: [{ ...first, ...change }, ...others] }).length, 2);
  }
  for (const change of [{ root: 'A#' }, { bass: 'Bb' }, { pitchClasses: [1, 5, 10] }, { startTick: 24 }]) {
    const chords = sheet.chords.map((chord) => ({ ...chord, ...change }));
    assert.equal(sheetDifferences(sheet, { ...sheet, chords }).length, 2);
  }
  const metre = sheetDifferences(sheet, { ...sheet, bars: [{ beatsPerBar: 3, beatUnit: 4 }] });
  assert.deepEqual(metre, ['lost of bars: [0,4,4]', 'lost of bars: [1,4,4]', 'new in bars: [0,3,4]']);
});

test('the same seed writes the same songs, every one with notes', () => {
  const [one, again, other] = [sheetSongs(5, 7), sheetSongs(5, 7), sheetSongs(5, 8)];
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
  assert.equal(one.length, 5);
  assert.ok([...one, ...other].every(({ played }) => played.length > 0));
});
