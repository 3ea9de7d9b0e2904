// Whatever the song, the capo and the transposition: what a player hears is what was meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TONICS } from '../../workflows/contract/analysis.ts';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import { CHART_DETAILS } from '../../workflows/contract/chart.ts';
import { named, spellIn } from '../../workflows/contract/scales.ts';
import type { Chart } from './chart.ts';
import { makeChart } from './make-chart.ts';
import { readChord, tonesOf } from './pitch-chord.ts';
import { changes, readChordPro, soundOf } from './read-names.test-kit.ts';
import { knownSong } from './songs.test-kit.ts';
import { writeChordPro } from './write-chord-pro.ts';
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';

const RUNS = { numRuns: 150 };
const QUALITIES = [
  'maj',
  'min',
  '7',
  'maj7',
  'maj6',
  'min7',
  'sus4',
  'dim',
  'hdim7',
  'aug',
  '5',
  'min6',
  'dim7',
  'sus2',
];

const chordLabels = fc
  .tuple(fc.integer({ min: 0, max: 11 }), fc.constantFrom(...QUALITIES), fc.constantFrom('', '', '/5', '/b7', '/2'))
  .map(([root, quality, bass]) => `${spellIn(root, null)}:${quality}${bass}`);

const songs: fc.Arbitrary<SongAnalysis> = fc
  .record({
    key: fc.option(
      fc
        .tuple(fc.integer({ min: 0, max: 11 }), fc.constantFrom('major' as const, 'minor' as const))
        .map(([tonic, mode]) => named({ tonic, mode })),
    ),
    bars: fc.array(fc.oneof({ weight: 6, arbitrary: chordLabels }, { weight: 1, arbitrary: fc.constant('N') }), {
      minLength: 1,
      maxLength: 40,
    }),
    tempoBpm: fc.option(fc.integer({ min: 50, max: 190 })),
    beatsPerBar: fc.integer({ min: 2, max: 6 }),
    cut: fc.integer({ min: 1, max: 39 }),
  })
  .map(({ cut, ...song }) =>
    knownSong({
      ...song,
      sections: [
        { bar: 0, letter: 'A', name: 'verse' },
        ...(cut < song.bars.length ? [{ bar: cut, letter: 'B' }] : []),
      ],
    }),
  );

const transpositions = fc.integer({ min: -11, max: 11 });
const frets = fc.integer({ min: 0, max: 11 });
const details = fc.constantFrom(...CHART_DETAILS);

function chartOf(analysis: SongAnalysis, transpose: number, capo: number, detail: Chart['detail']): Chart {
  return makeChart({ title: 'A song', analysis, options: { transpose, capo, detail } });
}

/** The chart's chords as an analysis of their own. */
function analysisOf(chart: Chart, analysis: SongAnalysis): SongAnalysis {
  return {
    ...analysis,
    key: chart.key,
    chords: chart.chords.map(({ startSeconds, endSeconds, label, confidence }) => ({
      startSeconds,
      endSeconds,
      label,
      confidence,
    })),
  };
}

test('a song that is moved and moved back is as it was', () => {
  fc.assert(
    fc.property(songs, transpositions, details, (analysis, semitones, detail) => {
      const once = chartOf(analysis, 0, 0, detail);
      const there = chartOf(analysis, semitones, 0, detail);
      const back = chartOf(analysisOf(there, analysis), -semitones, 0, detail);
      const heard = (chart: Chart): unknown =>
        chart.chords.map(({ label, name, startSeconds }) => [label, name, startSeconds]);
      assert.deepEqual(heard(back), heard(once));
      assert.deepEqual(back.key, once.key);
      assert.deepEqual(
        there.chords.map(({ numeral }) => numeral),
        once.chords.map(({ numeral }) => numeral),
      );
    }),
    RUNS,
  );
});

test('behind any capo, what is gripped sounds as the song does, moved by so many semitones', () => {
  fc.assert(
    fc.property(songs, transpositions, frets, details, (analysis, semitones, capo, detail) => {
      const written = chartOf(analysis, semitones, capo, detail);
      const bare = chartOf(analysis, 0, 0, detail);
      const moved = bare.chords.map(({ name }) => soundOf(name, semitones));
      assert.deepEqual(
        written.chords.map(({ name }) => soundOf(name, capo)),
        sorted(moved),
      );
      for (const { name, label } of written.chords) {
        const read = readChord(label);
        if (read === null) assert.equal(name, 'N.C.');
        else assert.deepEqual(new Set(soundOf(name, capo).slice(1)), new Set(tonesOf(read)), `${name} ${label}`);
      }
    }),
    RUNS,
  );
});

/** Tones after the bass rise once more after they were moved. */
function sorted(sounds: readonly number[][]): number[][] {
  return sounds.map(([bass, ...tones]) => (bass === undefined ? [] : [bass, ...tones.toSorted((a, b) => a - b)]));
}

test('ChordPro has the very chords of the chart, in their order, with words and without', () => {
  const lyrics = fc.option(
    fc
      .array(fc.tuple(fc.double({ min: 0, max: 90, noNaN: true }), fc.integer({ min: 1, max: 8 })), { maxLength: 12 })
      .map((lines): SongLyrics => ({
        language: 'en',
        source: 'heard',
        lines: lines.map(([start, words], line) => ({
          words: Array.from({ length: words }, (_, word) => ({
            startSeconds: start + word * 0.4,
            endSeconds: start + word * 0.4 + 0.3,
            text: `w${line}-${word}`,
            confidence: 1,
          })),
        })),
      })),
  );
  fc.assert(
    fc.property(songs, lyrics, frets, details, (analysis, words, capo, detail) => {
      const chart = chartOf(analysis, 0, capo, detail);
      const song = readChordPro(writeChordPro(chart, words));
      const played = chart.blocks.flatMap(({ bars, chords }) =>
        bars.length > 0 ? bars.flatMap((bar) => bar.chords.map(({ name }) => name)) : chords.map(({ name }) => name),
      );
      assert.deepEqual(changes(song.chords), changes(played));
      const sung = (words?.lines ?? []).flatMap((line) => line.words.map(({ text }) => text));
      const read = song.words.flatMap((line) => line.split(' '));
      assert.deepEqual(read.toSorted(), chart.blocks.length === 0 ? [] : sung.toSorted());
    }),
    RUNS,
  );
});

test('every name of a key can be asked for', () => {
  for (const tonic of TONICS) {
    for (const mode of ['major', 'minor'] as const) {
      const analysis = knownSong({ key: { tonic, mode }, bars: ['C:maj', 'G:min7/b3', 'F#:dim'] });
      const { chords } = chartOf(analysis, 0, 0, 'detailed');
      assert.deepEqual(
        chords.map(({ name }) => soundOf(name, 0)),
        [
          [0, 0, 4, 7],
          [10, 2, 5, 7, 10],
          [6, 0, 6, 9],
        ],
        `${tonic} ${mode}`,
      );
    }
  }
});
