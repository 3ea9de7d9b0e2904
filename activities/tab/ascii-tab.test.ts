import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ASCII_COLUMNS, asciiTab } from './ascii-tab.ts';
import { drawTab } from './draw-tab.ts';
import { makeTab } from './make-tab.ts';
import { musicXml } from './music-xml.ts';
import {
  anyInstrument,
  anyNotes,
  anyRhythm,
  heard,
  someChords,
  steadyRhythm,
  TUNINGS,
} from './random-songs.test-kit.ts';

const GUITAR = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };

test('a bar looks as players write it', () => {
  const notes = [
    ...[48, 52, 55, 60, 64].map((pitch) => heard(0, pitch, 0.5)),
    heard(0.5, 64),
    heard(0.75, 62),
    heard(1, 60),
    heard(1 + 0.5 / 3, 62),
    heard(1 + 1 / 3, 64),
    heard(1.5, 67),
  ];
  const { score } = makeTab({
    title: 'One bar',
    notes,
    rhythm: steadyRhythm(120, 1),
    instrument: GUITAR,
    level: 'full',
    chords: [
      { startSeconds: 0, endSeconds: 1, label: 'C:maj', confidence: 1 },
      { startSeconds: 1, endSeconds: 2, label: 'A:min7', confidence: 1 },
    ],
  });
  assert.equal(
    asciiTab(score),
    `One bar
Tuning E2 A2 D3 G3 B3 E4, 120 BPM

1    C       Am7
E  |-0---0-------0-3---|
B  |-1-----3-1-3-------|
G  |-0-----------------|
D  |-2-----------------|
A  |-3-----------------|
E  |-------------------|
     1 & 2 & 3     4 &
`,
  );
});

test('frets of two digits take a column more', () => {
  const notes = [76, 79, 76, 77].map((pitch, index) => heard(index / 2, pitch, 0.5));
  const { score } = makeTab({ title: '', notes, rhythm: steadyRhythm(120, 1), instrument: GUITAR, level: 'full' });
  assert.match(asciiTab(score), /^E {2}\|-12----15----12----13----\|$/mu);
});

test('a line ends with a bar', () => {
  const notes = Array.from({ length: 64 }, (_, index) => heard(index / 4, 60));
  const { score } = makeTab({ title: '', notes, rhythm: steadyRhythm(120, 8), instrument: GUITAR, level: 'full' });
  const lines = asciiTab(score)
    .split('\n')
    .filter((line) => line.includes('|'));
  assert.equal(lines.length, 12);
  assert.ok(lines.every((line) => line.endsWith('-|')));
});

test('bars of rest are counted, not written', () => {
  const notes = [heard(0, 60), heard(8, 60)];
  const text = asciiTab(
    makeTab({ title: '', notes, rhythm: steadyRhythm(120, 5), instrument: GUITAR, level: 'full' }).score,
  );
  assert.match(text, /\(3 bars rest\)/u);
});

test('bars of rest in which chords change are counted up to the change', () => {
  const chords = [
    [0, 'C:maj'],
    [4, 'G:maj'],
    [10, 'A:min'],
    [12, 'F:maj'],
    [13, 'C:maj'],
  ] as const;
  const { score } = makeTab({
    title: '',
    notes: [heard(0, 60), heard(14, 60)],
    rhythm: steadyRhythm(120, 8),
    instrument: GUITAR,
    level: 'full',
    chords: chords.map(([startSeconds, label], index) => ({
      startSeconds,
      endSeconds: chords[index + 1]?.[0] ?? 16,
      label,
      confidence: 1,
    })),
  });
  const names = asciiTab(score)
    .split('\n')
    .filter((line) => /^\d/u.test(line))
    .map((line) => line.replaceAll(/ +/gu, ' '));
  assert.deepEqual(names, ['1 C G (3 bars rest) Am', '7 F C']);
});

test('a song without a beat has no tempo, and says so', () => {
  const notes = [heard(1, 48), heard(2, 50)];
  const { score } = makeTab({ title: '', notes, rhythm: null, instrument: GUITAR, level: 'full' });
  assert.equal(asciiTab(score).split('\n')[0], 'Tuning E2 A2 D3 G3 B3 E4, free time (no beat was found)');
  const xml = musicXml(score);
  assert.match(xml, /<words>Free time<\/words>/u);
  assert.doesNotMatch(xml, /metronome/u);
  assert.doesNotMatch(drawTab(score, { widthPixels: 700, firstBar: 1, bars: 9 }).svg, /= 120/u);
  const counted = makeTab({ title: '', notes, rhythm: steadyRhythm(120, 2), instrument: GUITAR, level: 'full' }).score;
  assert.match(drawTab(counted, { widthPixels: 700, firstBar: 1, bars: 9 }).svg, /= 120/u);
  assert.match(musicXml(counted), /<per-minute>120</u);
});

test('any tab has lines of at most 80 columns that show every note, on strings as long as each other', () => {
  fc.assert(
    fc.property(anyNotes(), anyRhythm(), anyInstrument(), (notes, rhythm, instrument) => {
      const { score, tab } = makeTab({ title: '', notes, rhythm, instrument, level: 'full', chords: someChords() });
      const lines = asciiTab(score).split('\n');
      for (const line of lines) assert.ok(line.length <= ASCII_COLUMNS, line);
      const strings = lines.filter((line) => /^[A-G][b#]? *\|/u.test(line));
      const frets = strings.flatMap((line) => (line.slice(4).match(/\d+/gu) ?? []).map(Number));
      assert.deepEqual(
        frets.sort((a, b) => a - b),
        tab.map(({ fret }) => fret).sort((a, b) => a - b),
      );
      for (let index = 0; index < strings.length; index += instrument.tuning.length) {
        const system = strings.slice(index, index + instrument.tuning.length);
        assert.equal(new Set(system.map((line) => line.length)).size, 1);
      }
    }),
    { numRuns: 150 },
  );
});
