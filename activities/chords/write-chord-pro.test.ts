import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LyricLine, SongLyrics } from '../../workflows/contract/lyrics.ts';
import { makeChart } from './make-chart.ts';
import { readChordPro } from './read-names.test-kit.ts';
import { knownSong, repeated } from './songs.test-kit.ts';
import { writeChordPro } from './write-chord-pro.ts';

const LOOP = ['C:maj', 'G:maj/3', 'A:min7', ['F:maj', 'F:maj7']] as const;
const SONG = knownSong({
  key: { tonic: 'C', mode: 'major' },
  bars: repeated<string | readonly string[]>(LOOP, 4),
  sections: [
    { bar: 0, letter: 'A', name: 'intro' },
    { bar: 4, letter: 'B', name: 'verse' },
    { bar: 12, letter: 'C', name: 'chorus' },
  ],
});

/** A word every half second. */
function line(startSeconds: number, text: string): LyricLine {
  return {
    words: text.split(' ').map((word, index) => ({
      startSeconds: startSeconds + index / 2,
      endSeconds: startSeconds + index / 2 + 0.4,
      text: word,
      confidence: 1,
    })),
  };
}

function sung(...lines: readonly LyricLine[]): SongLyrics {
  return { language: 'en', source: 'given', lines };
}

function written(lyrics: SongLyrics | null, capo = 0, title = 'A song'): string {
  const options = { capo, transpose: 0, detail: 'detailed' } as const;
  return writeChordPro(makeChart({ title, analysis: SONG, options }), lyrics);
}

test('the head says what to play: title, key of the shapes, capo, tempo and time', () => {
  const { directives } = readChordPro(written(null, 5, 'Of {braces} and [brackets]'));
  const { title, key, capo, tempo, time } = directives;
  assert.deepEqual(
    { title, key, capo, tempo, time },
    { title: 'Of (braces) and (brackets)', key: 'G', capo: '5', tempo: '120', time: '4/4' },
  );
  assert.equal(readChordPro(written(null)).directives['capo'], undefined);
});

test('chords stand before the words that they come with', () => {
  const text = written(sung(line(8.1, 'we walk along the road'), line(12, 'and on and on'), line(24, 'oh what a day')));
  assert.deepEqual(text.split('\n').slice(6), [
    '{comment: Intro}',
    '{start_of_grid}',
    '| C . . . | G/B . . . | Am7 . . . | F . Fmaj7 . |',
    '{end_of_grid}',
    '',
    '{start_of_verse: Verse}',
    '[C]we walk along the [G/B]road',
    '[Am7]and on and on [F] [Fmaj7]',
    '{end_of_verse}',
    '{start_of_grid}',
    '| C . . . | G/B . . . | Am7 . . . | F . Fmaj7 . |',
    '{end_of_grid}',
    '',
    '{start_of_chorus: Chorus}',
    '[C]oh what a day [G/B]',
    '{end_of_chorus}',
    '{start_of_grid}',
    '| Am7 . . . | F . Fmaj7 . |',
    '{end_of_grid}',
    '',
  ]);
});

test('a chord that comes a little early is over the word it belongs to, and one that lasts is named again with the next line', () => {
  const song = readChordPro(written(sung(line(8, 'one two'), line(9, 'three four'), line(10.2, 'five'))));
  assert.deepEqual(song.over, [
    ['C', 'one'],
    ['C', 'three'],
    ['G/B', 'five'],
  ]);
});

test('words that mean something in ChordPro are only words', () => {
  const song = readChordPro(written(sung(line(8, '# {soc} [C] <b>so</b> \\'))));
  assert.deepEqual(song.words, ['# (soc) (C) b so /b']);
});

test('without a beat chords stand by themselves, or over their words', () => {
  const analysis = knownSong({
    key: { tonic: 'E', mode: 'minor' },
    tempoBpm: null,
    bars: ['E:min', 'C:maj', 'G:maj', 'D:maj', 'E:min'],
  });
  const chart = makeChart({ title: 'Free', analysis, options: { capo: null, transpose: 0, detail: 'simple' } });
  assert.ok(writeChordPro(chart, null).endsWith('\n{comment: Song}\n[Em] [C] [G] [D] [Em]\n'));
  const { over, directives, chords } = readChordPro(writeChordPro(chart, sung(line(4.1, 'sing now'))));
  assert.deepEqual(over.slice(2), [
    ['G', 'sing'],
    ['D', ''],
    ['Em', ''],
  ]);
  assert.deepEqual(chords, ['Em', 'C', 'G', 'D', 'Em']);
  assert.equal(directives['tempo'], undefined);
});

test('a new key is said where it begins', () => {
  const bars = [
    ...repeated(['C:maj', 'G:maj', 'A:min', 'F:maj'], 4),
    ...repeated(['D:maj', 'A:maj', 'B:min', 'G:maj'], 4),
  ];
  const sections = [0, 16].map((bar) => ({ bar, letter: 'A' }));
  const analysis = knownSong({ key: { tonic: 'C', mode: 'major' }, bars, sections });
  const chart = makeChart({ title: 'Up', analysis, options: { capo: 2, transpose: 0, detail: 'simple' } });
  const text = writeChordPro(chart, null);
  assert.deepEqual(text.match(/^\{key: .*\}$/gmu), ['{key: Bb}', '{key: C}']);
  assert.match(text, /\{comment: Key change: D major, play in C\}\n\{key: C\}\n\{comment: Part A 2\}/u);
});

test('within a part a new key is said between the bars, and between the lines, where it begins', () => {
  const bars = [
    ...repeated(['C:maj', 'G:maj', 'A:min', 'F:maj'], 2),
    ...repeated(['Db:maj', 'Ab:maj', 'Bb:min', 'Gb:maj'], 3),
  ];
  const analysis = knownSong({ key: { tonic: 'Db', mode: 'major' }, bars });
  const chart = makeChart({ title: 'Up', analysis, options: { capo: null, transpose: 0, detail: 'simple' } });
  const change = '{comment: Key change: Db major}\n{key: Db}\n';
  const played = writeChordPro(chart, null);
  assert.match(played, /^\{key: C\}$/mu);
  assert.ok(
    played.includes(`| C . . . | G . . . | Am . . . | F . . . |\n{end_of_grid}\n${change}{start_of_grid}\n| Db`),
  );
  readChordPro(played);
  // The second line leads to the new key, which begins with its second word.
  const text = writeChordPro(chart, sung(line(14, 'low and'), line(15.9, 'up and up')));
  assert.ok(text.includes(`low and\n${change}[Db]up and up`), text);
  readChordPro(text);
});
