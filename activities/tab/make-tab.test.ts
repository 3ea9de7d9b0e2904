import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChordSpan } from '../../workflows/contract/analysis.ts';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import { TAB_LEVELS } from '../../workflows/contract/tab.ts';
import type { Instrument, TabLevel, TabNote } from '../../workflows/contract/tab.ts';
import { canBeHeld } from './hand-oracle.test-kit.ts';
import { makeTab } from './make-tab.ts';
import type { Tab } from './make-tab.ts';
import {
  anyInstrument,
  anyNotes,
  anyRhythm,
  heard,
  someChords,
  steadyRhythm,
  TUNINGS,
} from './random-songs.test-kit.ts';
import type { ScoreBeat } from './tab-score.ts';

const GUITAR: Instrument = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };
const REACHES: Readonly<Record<TabLevel, readonly [number, number]>> = {
  easy: [3, 3],
  intermediate: [3, 4],
  full: [4, 5],
};

function soundsAt({ string, fret }: { string: number; fret: number }, { tuning, capo }: Instrument): number {
  return (tuning[tuning.length - string] as number) + capo + fret;
}

/** Notes that end where others begin do not sound together. */
function soundingAt(tab: readonly TabNote[], seconds: number): TabNote[] {
  return tab.filter(({ startSeconds, endSeconds }) => startSeconds <= seconds && endSeconds > seconds + 1e-9);
}

function sortedNotes(notes: readonly { startSeconds: number; pitchMidi: number }[]): string[] {
  return notes.map(({ startSeconds, pitchMidi }) => `${startSeconds} ${pitchMidi}`).sort();
}

function assertPlayable({ tab, score, playability }: Tab, instrument: Instrument, level: TabLevel): void {
  for (const note of tab) {
    assert.equal(soundsAt(note, instrument), note.pitchMidi);
    assert.ok(note.fret >= 0 && note.fret + instrument.capo <= instrument.frets);
    assert.ok(note.string >= 1 && note.string <= instrument.tuning.length);
    assert.ok(note.endSeconds > note.startSeconds);
  }
  const [reach, highReach] = REACHES[level];
  for (const struck of score.played) {
    const held = score.played.filter(
      ({ startTick, endTick }) => startTick <= struck.startTick && endTick > struck.startTick,
    );
    const places = held.map(({ string, pitchMidi }) => ({
      string,
      fret: pitchMidi - (instrument.tuning[instrument.tuning.length - string] as number) - instrument.capo,
    }));
    assert.ok(canBeHeld(places, reach, highReach, instrument.capo), JSON.stringify(places));
  }
  assert.equal(playability.impossibleBars, 0);
  assert.ok(playability.largestStretchFrets <= highReach);
}

function assertWritten({ score, tab }: Tab): void {
  let tick = score.bars[0]?.startTick as number;
  const open = new Map<number, number>();
  let struck = 0;
  for (const bar of score.bars) {
    assert.equal(bar.startTick, tick);
    const whole = (bar.beatsPerBar * 48) / bar.beatUnit;
    assert.ok(bar.pickup ? bar.startTick === 0 && bar.ticks < whole : bar.ticks === whole);
    let within = 0;
    for (const beat of bar.beats) {
      assert.equal(beat.startTick, within);
      assert.equal(valueTicks(beat), beat.ticks);
      for (const note of beat.notes) {
        if (note.tied) assert.equal(open.get(note.string), note.pitchMidi, 'a tie goes on from a note');
        else struck++;
      }
      open.clear();
      for (const note of beat.notes) open.set(note.string, note.pitchMidi);
      within += beat.ticks;
    }
    assert.equal(within, bar.ticks);
    tick += bar.ticks;
  }
  assert.equal(struck, tab.length);
}

function valueTicks({ value: { denominator, dots, triplet } }: ScoreBeat): number {
  return ((48 / denominator) * (dots === 1 ? 1.5 : 1) * (triplet ? 2 : 3)) / 3;
}

test('1,000 random phrases: pitches are kept, a hand can hold it all, every bar sums, and what is left out is told', () => {
  const levels = fc.constantFrom(...TAB_LEVELS);
  fc.assert(
    fc.property(anyNotes(), anyRhythm(), anyInstrument(), levels, (notes, rhythm, instrument, level) => {
      const made = makeTab({ title: 'phrase', notes, rhythm, instrument, level, chords: someChords() });
      assertPlayable(made, instrument, level);
      assertWritten(made);
      assert.deepEqual(sortedNotes([...made.tab, ...made.playability.dropped]), sortedNotes(notes));
    }),
    { numRuns: 1000, endOnFailure: true },
  );
});

test('no two notes of a tab sound on one string at once', () => {
  fc.assert(
    fc.property(anyNotes(), anyRhythm(), (notes, rhythm) => {
      const { tab } = makeTab({ title: '', notes, rhythm, instrument: GUITAR, level: 'full' });
      for (const { startSeconds } of tab) {
        const sounding = soundingAt(tab, startSeconds);
        assert.equal(new Set(sounding.map(({ string }) => string)).size, sounding.length);
      }
    }),
    { numRuns: 100, endOnFailure: true },
  );
});

function whys(notes: readonly HeardNote[], tempoBpm = 120): string[] {
  const rhythm = steadyRhythm(tempoBpm, 2);
  const { playability } = makeTab({ title: '', notes, rhythm, instrument: GUITAR, level: 'full' });
  return playability.dropped.map(({ pitchMidi, why }) => `${pitchMidi} ${why}`);
}

test('says why a note is left out', () => {
  assert.deepEqual(whys([heard(0, 39), heard(0.5, 40)]), ['39 out of range']);
  assert.deepEqual(
    whys([{ ...heard(0, 40), amplitude: 0.3 }, heard(0, 41)]),
    ['40 too many at once'],
    'two notes for one string',
  );
  assert.deepEqual(whys([{ ...heard(0, 41), amplitude: 0.9 }, heard(0, 67), heard(0, 71)]), ['71 too wide']);
  assert.deepEqual(whys([heard(0, 60), heard(0.03, 60)]), ['60 too fast'], 'struck again within a slot');
  const leap = [heard(0, 41), { ...heard(0.075, 84), amplitude: 0.3 }];
  assert.deepEqual(whys(leap, 200), ['84 too fast'], 'nineteen frets in a sixteenth');
  const seven = [40, 45, 50, 55, 59, 64, 67].map((pitch, index) => ({
    ...heard(0, pitch),
    amplitude: 0.9 - index / 20,
  }));
  assert.deepEqual(whys(seven), ['64 too many at once'], 'neither bass nor tune');
});

test('levels ask less and less of the hand', () => {
  const notes = [0, 0.25, 0.375, 0.5, 1].flatMap((seconds) => [
    heard(seconds, 40),
    { ...heard(seconds, 47), amplitude: 0.1 },
    heard(seconds, 52),
    heard(seconds, 59),
    heard(seconds, 64),
  ]);
  const [full, intermediate, easy] = (['full', 'intermediate', 'easy'] as const).map(
    (level) => makeTab({ title: '', notes, rhythm: steadyRhythm(120, 2), instrument: GUITAR, level }).tab,
  ) as [Tab['tab'], Tab['tab'], Tab['tab']];
  assert.equal(full.length, 25);
  assert.equal(intermediate.length, 20);
  assert.ok(intermediate.every(({ pitchMidi }) => pitchMidi !== 47));
  assert.deepEqual(
    easy.map(({ startSeconds, pitchMidi }) => [startSeconds, pitchMidi]),
    [
      [0, 64],
      [0.25, 64],
      [0.5, 64],
      [1, 64],
    ],
  );
});

test('an easy riff keeps its triplets, and leaves out sixteenths', () => {
  const notes = [0, 1 / 6, 2 / 6, 0.5, 4 / 6, 5 / 6, 1, 1.125, 1.25, 1.5].map((at, index) =>
    heard(at, 52 + index, 0.1),
  );
  const { tab } = makeTab({
    title: '',
    notes,
    rhythm: steadyRhythm(120, 1),
    instrument: GUITAR,
    level: 'easy',
  });
  assert.deepEqual(
    tab.map(({ pitchMidi }) => pitchMidi - 52),
    [0, 1, 2, 3, 4, 5, 6, 8, 9],
  );
});

test('the intermediate level leaves out an inner note that is hardly heard', () => {
  const notes = [heard(0, 52), { ...heard(0, 59), amplitude: 0.2 }, { ...heard(0, 64), amplitude: 0.2 }];
  const { tab } = makeTab({
    title: '',
    notes,
    rhythm: steadyRhythm(120, 1),
    instrument: GUITAR,
    level: 'intermediate',
  });
  assert.deepEqual(
    tab.map(({ pitchMidi }) => pitchMidi).toSorted((a, b) => a - b),
    [52, 64],
  );
});

test('a bass keeps the lowest note of its easy line', () => {
  const bass: Instrument = { tuning: TUNINGS['bass'] as readonly number[], capo: 0, frets: 20 };
  const notes = [heard(0, 28), heard(0, 40)];
  const { tab } = makeTab({ title: '', notes, rhythm: steadyRhythm(120, 1), instrument: bass, level: 'easy' });
  assert.deepEqual(
    tab.map(({ pitchMidi }) => pitchMidi),
    [28],
  );
});

test('music without a beat or without notes still has bars', () => {
  const beatless = makeTab({
    title: '',
    notes: [heard(7.3, 60), heard(9, 62)],
    rhythm: null,
    instrument: GUITAR,
    level: 'full',
  });
  assert.deepEqual(
    beatless.tab.map(({ startSeconds, pitchMidi }) => [startSeconds, pitchMidi]),
    [
      [7.3, 60],
      [9, 62],
    ],
  );
  assertWritten(beatless);
  const silent = makeTab({ title: '', notes: [], rhythm: null, instrument: GUITAR, level: 'full' });
  assert.deepEqual(silent.tab, []);
  assert.equal(silent.score.bars.length, 1);
  assertWritten(silent);
});

test('chords are named on the beat where they begin', () => {
  const notes = [0, 0.5, 1, 1.5, 2].map((seconds) => heard(seconds, 60));
  const chords = [0, 0.98, 2].map((startSeconds, index) => ({
    startSeconds,
    endSeconds: startSeconds + 1,
    label: ['C:maj', 'A:min7', 'N'][index] as string,
    confidence: 1,
  }));
  const { score } = makeTab({
    title: '',
    notes,
    rhythm: steadyRhythm(120, 2),
    instrument: GUITAR,
    level: 'full',
    chords,
  });
  assert.deepEqual(
    score.bars.flatMap((bar) =>
      bar.beats.flatMap(({ chord, startTick }) => (chord === null ? [] : [[bar.startTick + startTick, chord]])),
    ),
    [
      [0, 'C:maj'],
      [24, 'A:min7'],
      [48, 'N'],
    ],
  );
});

function named(labels: readonly string[], seconds: number): ChordSpan[] {
  return labels.map((label, index) => ({
    startSeconds: index * seconds,
    endSeconds: (index + 1) * seconds,
    label,
    confidence: 1,
  }));
}

/** Of each bar, the tick, the length, the chord and how many notes each beat has; `~` for tied ones. */
function written({ score }: Tab): string[] {
  return score.bars.map(({ beats }) =>
    beats
      .map(({ startTick, ticks, chord, notes }) => {
        const heads = notes.map(({ tied }) => (tied ? '~' : 'o')).join('');
        return `${startTick}+${ticks} ${chord ?? '-'} ${heads === '' ? 'rest' : heads}`;
      })
      .join(', '),
  );
}

test('a chord that begins over a held note or in a rest is named on its beat', () => {
  const made = makeTab({
    title: '',
    notes: [heard(0, 48, 2), heard(2, 43, 2), heard(8, 48, 1)],
    rhythm: steadyRhythm(120, 6),
    instrument: GUITAR,
    level: 'full',
    chords: named(['C:maj', 'G:maj', 'A:min', 'F:maj', 'D:min', 'G:7', 'E:min', 'A:min', 'C:maj'], 1),
  });
  assertWritten(made);
  assert.deepEqual(written(made), [
    '0+24 C:maj o, 24+24 G:maj ~',
    '0+24 A:min o, 24+24 F:maj ~',
    '0+24 D:min rest, 24+24 G:7 rest',
    '0+24 E:min rest, 24+24 A:min rest',
    '0+24 C:maj o, 24+24 - rest',
  ]);
});

test('a chord that goes on is named once, and one that nobody could change to in time not at all', () => {
  const labels = ['C:maj', 'C:maj', 'F:maj', 'C:maj', 'G:maj'];
  const starts = [0, 2, 3, 3.2, 4];
  const chords = labels.map((label, index) => ({
    startSeconds: starts[index] as number,
    endSeconds: starts[index + 1] ?? 8,
    label,
    confidence: 1,
  }));
  const made = makeTab({
    title: '',
    notes: [heard(0, 48, 8)],
    rhythm: steadyRhythm(120, 4),
    instrument: GUITAR,
    level: 'full',
    chords,
  });
  assert.deepEqual(
    made.score.bars.flatMap(({ beats }) => beats.flatMap(({ chord }) => (chord === null ? [] : [chord]))),
    ['C:maj', 'G:maj'],
  );
});

for (const [endSeconds, bars] of [
  [2.2, ['0+48 - o']],
  [4, ['0+48 - o', '0+48 - ~']],
  [7, ['0+48 - o', '0+48 - ~', '0+48 - ~', '0+24 - ~, 24+24 - rest']],
] as const) {
  test(`a last note until ${endSeconds} s is written until then`, () => {
    const made = makeTab({
      title: '',
      notes: [heard(0, 48, endSeconds)],
      rhythm: steadyRhythm(120, 6),
      instrument: GUITAR,
      level: 'full',
    });
    assertWritten(made);
    assert.deepEqual(written(made), bars);
  });
}

test('a last note that does not end is written for eight bars', () => {
  const made = makeTab({
    title: '',
    notes: [heard(0, 48), heard(2, 50, 90)],
    rhythm: steadyRhythm(120, 6),
    instrument: GUITAR,
    level: 'full',
  });
  assertWritten(made);
  assert.equal(made.score.bars.length, 9);
});
