import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChartOptions } from '../../workflows/contract/chart.ts';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import type { Chart } from './chart.ts';
import { makeChart } from './make-chart.ts';
import { knownSong, repeated } from './songs.test-kit.ts';
import { chordsDocument, summariseChart } from './summarise-chart.ts';
import { writeChartText } from './write-chart-text.ts';

const PLAIN: ChartOptions = { capo: null, transpose: 0, detail: 'detailed' };

function chartOf(analysis: SongAnalysis, options: Partial<ChartOptions> = {}): Chart {
  return makeChart({ title: 'A song', analysis, options: { ...PLAIN, ...options } });
}

function lines(chart: Chart): string[] {
  return writeChartText(chart)
    .split('\n')
    .filter((line) => line.startsWith('|'));
}

for (const [tonic, bars, line] of [
  ['C', ['C:maj', 'G:maj', 'A:min', 'F:maj'], '| C  | G  | Am | F  | x4'],
  ['Eb', ['Eb:maj', 'Bb:maj', 'C:min', 'Ab:maj'], '| Eb | Bb | Cm | Ab | x4'],
  ['E', ['E:maj', 'B:maj', 'C#:min', 'A:maj'], '| E   | B   | C#m | A   | x4'],
  ['Gb', ['F#:maj', 'C#:maj', 'D#:min', 'B:maj'], '| Gb  | Db  | Ebm | Cb  | x4'],
] as const) {
  test(`I V vi IV in ${tonic}: a line that is played four times, spelled in its key`, () => {
    const chart = chartOf(knownSong({ key: { tonic, mode: 'major' }, bars: repeated(bars, 4) }));
    assert.deepEqual(lines(chart), [line]);
    const { sections, modulations, opening } = summariseChart(chart);
    assert.deepEqual(sections, [{ title: 'Song', startSeconds: 0, scale: `${tonic} major`, numerals: 'I V vi IV' }]);
    assert.deepEqual(modulations, []);
    assert.equal(opening, `[Song]  ${tonic} major: I V vi IV\n${line}`);
  });
}

test('a bar with several chords has them at their beats', () => {
  const analysis = knownSong({
    key: { tonic: 'G', mode: 'major' },
    bars: [['C:maj', 'G:maj/3'], 'D:7', ['E:min', 'E:min7', 'C:maj', 'D:maj'], 'G:maj'],
    tempoBpm: 80,
  });
  assert.deepEqual(lines(chartOf(analysis)), ['| C . G/B .  | D7         | Em Em7 C D | G          |']);
});

test('in 3/4 a bar has three beats', () => {
  const analysis = knownSong({
    key: { tonic: 'G', mode: 'minor' },
    tempoBpm: 66,
    beatsPerBar: 3,
    bars: [...repeated(['G:min', 'C:min'], 2), ['G:min', 'G:min/b3', 'D:7'], 'G:min'],
  });
  const chart = chartOf(analysis);
  assert.deepEqual(lines(chart), [
    '| Gm          | Cm          | Gm          | Cm          |',
    '| Gm Gm/Bb D7 | Gm          |',
  ]);
  assert.match(writeChartText(chart), /66 BPM, 3\/4/u);
});

test('without a beat chords have times instead of bars', () => {
  const bars = ['E:min', 'C:maj', 'G:maj', 'D:maj'];
  const chart = chartOf(knownSong({ key: { tonic: 'E', mode: 'minor' }, tempoBpm: null, bars }));
  const text = writeChartText(chart);
  assert.match(text, /No beat was found/u);
  assert.ok(text.endsWith('0:00.0  Em\n0:02.0  C\n0:04.0  G\n0:06.0  D\n'), text);
  assert.equal(chart.tempoBpm, null);
  assert.deepEqual(chart.blocks[0]?.numerals, 'i VI III VII');
});

test('a song without chords says so, and one without a sound has nothing at all', () => {
  const drums = chartOf(knownSong({ key: null, bars: repeated(['N'], 8) }));
  assert.deepEqual(
    drums.chords.map(({ name, startSeconds, endSeconds }) => [name, startSeconds, endSeconds]),
    [['N.C.', 0, 16]],
  );
  assert.equal(summariseChart(drums).opening, '');
  assert.equal(drums.easiestCapo, null);
  assert.equal(drums.isGuess, false);
  const nothing = chartOf({ ...knownSong({ key: null, tempoBpm: null, bars: [] }), sections: [] });
  assert.deepEqual([nothing.chords, nothing.blocks, summariseChart(nothing).opening], [[], [], '']);
});

test('chords tile the song, silence at both ends included', () => {
  const analysis = knownSong({ key: { tonic: 'C', mode: 'major' }, bars: ['N', 'C:maj', 'F:maj', 'C:maj', 'N', 'N'] });
  const { chords } = chordsDocument(chartOf({ ...analysis, durationSeconds: 15 }));
  assert.deepEqual(
    chords.map(({ name, label, startSeconds, endSeconds }) => [name, label, startSeconds, endSeconds]),
    [
      ['N.C.', 'N', 0, 2],
      ['C', 'C:maj', 2, 4],
      ['F', 'F:maj', 4, 6],
      ['C', 'C:maj', 6, 8],
      ['N.C.', 'N', 8, 15],
    ],
  );
});

test('the last chord reaches to the end of the song, not to the last beat', () => {
  const analysis = knownSong({ key: { tonic: 'C', mode: 'major' }, tempoBpm: null, bars: ['F:maj', 'C:maj'] });
  const { chords } = chartOf({ ...analysis, durationSeconds: 4.3 });
  assert.deepEqual(
    chords.map(({ name, endSeconds }) => [name, endSeconds]),
    [
      ['F', 2],
      ['C', 4.3],
    ],
  );
});

test('how the last chord fades is not written; what follows a whole bar of silence is', () => {
  const end = ['C:maj', 'N', 'N', 'N'];
  const analysis = knownSong({ key: { tonic: 'C', mode: 'major' }, tempoBpm: 60, bars: ['F:maj', 'N', 'G:maj', end] });
  assert.deepEqual(lines(chartOf(analysis)), ['| F    | N.C. | G    | C    |']);
});

test('a beat away and back that is less sure is cut; one that is meant stays', () => {
  const bar = ['C:maj', 'F:maj', 'C:maj', 'C:maj'];
  const analysis = knownSong({ key: { tonic: 'C', mode: 'major' }, tempoBpm: 70, bars: [bar, 'G:maj'] });
  assert.deepEqual(lines(chartOf(analysis)), ['| C F C . | G       |']);
  const unsure = analysis.chords.map((span) => (span.label === 'F:maj' ? { ...span, confidence: 0.3 } : span));
  assert.deepEqual(lines(chartOf({ ...analysis, chords: unsure })), ['| C | G |']);
});

test('what is shorter than anybody changes chords goes to the neighbour that shares its tones', () => {
  const bars = [['C:maj', 'C:maj', 'C:maj', 'A:min'], 'F:maj'];
  const analysis = knownSong({ key: { tonic: 'C', mode: 'major' }, tempoBpm: 180, bars });
  // A beat of 0.33 s: A, C and E are nearer to C, E and G than, by as many tones, to F, A and C: the one before has it.
  assert.deepEqual(lines(chartOf(analysis)), ['| C | F |']);
});

test('a rest of a beat leaves its chord; a long one is told', () => {
  const song = { key: { tonic: 'C', mode: 'major' }, bars: [['C:maj', 'C:maj', 'C:maj', 'N'], 'F:maj'] } as const;
  assert.deepEqual(lines(chartOf(knownSong(song))), ['| C | F |']);
  const slow = chartOf(knownSong({ ...song, tempoBpm: 50 }));
  assert.deepEqual(lines(slow), ['| C . . N.C. | F          |']);
});

test('simple is major and minor; a suspended chord has the third of its key', () => {
  const bars = ['C:maj7', 'A:min7/b7', 'D:sus4', 'G:sus4', 'B:hdim7', 'E:aug', 'C:5', 'N'];
  const chart = chartOf(knownSong({ key: { tonic: 'C', mode: 'major' }, bars }), { detail: 'simple' });
  assert.deepEqual(lines(chart), ['| C    | Am   | Dm   | G    |', '| Bdim | E    | C5   | N.C. |']);
});

for (const [tonic, mode, labels, names, numerals] of [
  [
    'C',
    'major',
    ['C:maj', 'C#:dim', 'D:min', 'D#:dim', 'E:min', 'F#:hdim7', 'G:7', 'G#:dim', 'A:min', 'Bb:dim', 'B:dim', 'C:maj'],
    ['C', 'C#dim', 'Dm', 'D#dim', 'Em', 'F#m7b5', 'G7', 'G#dim', 'Am', 'Bbdim', 'Bdim', 'C'],
    'I #i° ii #ii° iii #ivø7 V7 #v° vi bvii° vii° I',
  ],
  [
    'Db',
    'major',
    ['Db:maj', 'D:dim', 'Eb:min', 'E:dim', 'F:min', 'G:dim', 'Ab:7', 'A:dim', 'Bb:min', 'B:dim', 'C:dim', 'Db:maj'],
    ['Db', 'Ddim', 'Ebm', 'Edim', 'Fm', 'Gdim', 'Ab7', 'Adim', 'Bbm', 'Cbdim', 'Cdim', 'Db'],
    'I #i° ii #ii° iii #iv° V7 #v° vi bvii° vii° I',
  ],
  [
    'A',
    'minor',
    ['A:min', 'Bb:dim', 'B:dim', 'C:dim', 'C#:dim', 'D:min', 'Eb:dim', 'E:7', 'F:dim', 'F#:dim', 'G:dim', 'Ab:dim'],
    ['Am', 'Bbdim', 'Bdim', 'Cdim', 'C#dim', 'Dm', 'D#dim', 'E7', 'Fdim', 'F#dim', 'Gdim', 'G#dim'],
    'i bii° ii° iii° #iii° iv #iv° V7 bvi° vi° bvii° vii°',
  ],
] as const) {
  test(`diminished chords in ${tonic} ${mode} are spelled as their numerals say`, () => {
    const chart = chartOf(knownSong({ key: { tonic, mode }, bars: labels }));
    assert.deepEqual([chart.key?.tonic, chart.keyChanges], [tonic, []]);
    assert.deepEqual(
      chart.chords.map(({ name }) => name),
      names,
    );
    assert.equal(chart.chords.map(({ numeral }) => numeral).join(' '), numerals);
  });
}

test('no root has two accidentals', () => {
  const bars = ['F#:maj', 'G:dim', 'G#:min', 'C#:7', 'F#:maj'];
  const chart = chartOf(knownSong({ key: { tonic: 'F#', mode: 'major' }, bars }));
  assert.deepEqual(
    chart.chords.map(({ name }) => name),
    ['F#', 'Gdim', 'G#m', 'C#7', 'F#'],
  );
});

test('what repeats is told: lines, whole sections, and lines in turn', () => {
  const verse = repeated(['C:maj', 'G:maj', 'A:min', 'F:maj'], 2);
  const chorus = repeated(['F:maj', 'G:maj', 'C:maj', 'C:maj', 'F:maj', 'G:maj', 'A:min', 'A:min'], 2);
  const analysis = knownSong({
    key: { tonic: 'C', mode: 'major' },
    bars: [...verse, ...chorus, ...verse],
    sections: [
      { bar: 0, letter: 'A', name: 'verse' },
      { bar: 8, letter: 'B', name: 'chorus' },
      { bar: 24, letter: 'A', name: 'verse' },
    ],
  });
  const text = writeChartText(chartOf(analysis)).split('\n').slice(5);
  assert.deepEqual(text, [
    '[Verse 1]  C major: I V vi IV',
    '| C  | G  | Am | F  | x2',
    '',
    '[Chorus] x2  C major: IV V I IV V vi',
    '| F  | G  | C  | C  |',
    '| F  | G  | Am | Am |',
    '',
    '[Verse 2]  C major: I V vi IV',
    'as Verse 1',
    '',
  ]);
});

test('lines in turn that end with half a turn are all written', () => {
  const [one, other] = [
    ['C:maj', 'G:maj', 'A:min', 'F:maj'],
    ['D:min', 'G:maj', 'C:maj', 'C:maj'],
  ];
  const bars = [one, other, one, other, one].flatMap((line) => line ?? []);
  assert.equal(lines(chartOf(knownSong({ key: { tonic: 'C', mode: 'major' }, bars }))).length, 5);
});

test('beats before the first downbeat are a pickup on a line of their own', () => {
  const analysis = knownSong({ key: { tonic: 'C', mode: 'major' }, bars: ['C:maj', 'F:maj', 'G:maj', 'C:maj'] });
  const { rhythm } = analysis;
  assert.ok(rhythm);
  // The bars begin two beats later than they did.
  const downbeatsSeconds = rhythm.downbeatsSeconds.map((seconds) => seconds + 1).slice(0, 3);
  const chart = chartOf({ ...analysis, rhythm: { ...rhythm, downbeatsSeconds } });
  assert.deepEqual(
    chart.blocks[0]?.bars.map(({ number, beats, chords }) => [number, beats, chords.map(({ name }) => name).join(' ')]),
    [
      [0, 2, 'C'],
      [1, 4, 'C F'],
      [2, 4, 'F G'],
      [3, 4, 'G C'],
      // Half of it is behind the song's end.
      [4, 4, 'C'],
    ],
  );
  assert.match(lines(chart)[0] ?? '', /^\| C +\|$/u);
  const [first, ...others] = analysis.chords;
  assert.ok(first);
  const silent = [{ ...first, endSeconds: 1, label: 'N' }, { ...first, startSeconds: 1 }, ...others];
  const later = chartOf({ ...analysis, chords: silent, rhythm: { ...rhythm, downbeatsSeconds } });
  assert.equal(later.blocks[0]?.bars[0]?.number, 1);
});

test('with a capo the shapes are written, and the key that sounds is told', () => {
  const bars = repeated(['Bb:maj', 'Eb:maj', 'F:7', 'Bb:maj'], 4);
  const analysis = knownSong({ key: { tonic: 'Bb', mode: 'major' }, bars });
  const bare = chartOf(analysis);
  assert.equal(bare.easiestCapo, 1);
  assert.match(writeChartText(bare), /^Easiest with capo 1, play in A$/mu);
  const chart = chartOf(analysis, { capo: 3 });
  assert.match(writeChartText(chart), /^Capo 3, play in G, sounds in Bb$/mu);
  assert.deepEqual(lines(chart), ['| G  | C  | D7 | G  | x4']);
  const { key, playedIn, capo } = summariseChart(chart);
  assert.deepEqual([key?.tonic, playedIn, capo], ['Bb', { tonic: 'G', mode: 'major' }, 3]);
  assert.deepEqual(chordsDocument(chart).chords[1], {
    startSeconds: 2,
    endSeconds: 4,
    label: 'Eb:maj',
    name: 'C',
    numeral: 'IV',
    confidence: 0.9,
  });
});

test('after a key change chords are spelled in the new key', () => {
  const analysis = knownSong({
    key: { tonic: 'G', mode: 'major' },
    bars: [
      ...repeated(['G:maj', 'D:maj', 'E:min', 'C:maj'], 4),
      ...repeated(['Ab:maj', 'D#:maj', 'F:min', 'C#:maj'], 3),
    ],
    sections: [
      { bar: 0, letter: 'A' },
      { bar: 16, letter: 'A' },
    ],
  });
  const chart = chartOf(analysis);
  assert.deepEqual(summariseChart(chart).modulations, [{ atSeconds: 32, tonic: 'Ab', mode: 'major' }]);
  assert.deepEqual(lines(chart).at(-1), '| Ab | Eb | Fm | Db | x3');
  assert.equal(chart.blocks[1]?.numerals, 'I V vi IV');
  assert.equal(chart.blocks[1]?.scale, 'Ab major');
  assert.match(writeChartText(chart), /^Key change: Ab major$/mu);
});

const IN_C = repeated(['C:maj', 'A:min', 'F:maj', 'G:maj', 'C:maj', 'A:min', 'D:min', 'G:maj'], 2);
const IN_DB = repeated(['Db:maj', 'Bb:min', 'Gb:maj', 'Ab:maj'], 5);

test('a song begins in its first key, also where it is longer in another', () => {
  const analysis = knownSong({ key: { tonic: 'Db', mode: 'major' }, bars: [...IN_C, ...IN_DB] });
  const bare = chartOf(analysis);
  const { key, playedIn, modulations, sections } = summariseChart(bare);
  assert.deepEqual(
    [key, playedIn],
    [
      { ...analysis.key, tonic: 'C' },
      { tonic: 'C', mode: 'major' },
    ],
  );
  assert.deepEqual(modulations, [{ atSeconds: 32, tonic: 'Db', mode: 'major' }]);
  assert.match(sections[0]?.numerals ?? '', /^I vi IV V I vi ii V/u);
  assert.match(writeChartText(bare), /^Key: C major, then Db major\n.*\nEasiest with capo 6, play in F# then G$/mu);
  const chart = chartOf(analysis, { capo: 1, transpose: 2 });
  assert.match(writeChartText(chart), /^Capo 1, play in Db then D, sounds in D then Eb$/mu);
});

test('a song that comes back to its first key names each key once', () => {
  const analysis = knownSong({ key: { tonic: 'C', mode: 'major' }, bars: [...IN_C, ...IN_DB, ...IN_C] });
  const chart = chartOf(analysis);
  assert.match(writeChartText(chart), /^Key: C major, then Db major$/mu);
  assert.equal(chart.keyChanges.length, 2);
  const keyChanges = (['D', 'E', 'F', 'G'] as const).map((tonic, index) => ({
    key: { tonic, mode: 'major' as const },
    playedIn: { tonic, mode: 'major' as const },
    atSeconds: index,
  }));
  assert.match(writeChartText({ ...chart, keyChanges }), /^Key: C major, then D major, then E major, then others$/mu);
});

test('chords that hardly anything speaks for are called a guess', () => {
  const analysis = knownSong({ key: { tonic: 'C', mode: 'major' }, bars: ['C:maj', 'F:maj'], confidence: 0.2 });
  assert.match(writeChartText(chartOf(analysis)), /These chords are a guess/u);
  const { key } = analysis;
  assert.ok(key);
  assert.match(writeChartText(chartOf({ ...analysis, key: { ...key, confidence: 0.4 } })), /probably C major/u);
});

test('summaries stay small for a song of any length', () => {
  const labels = ['E:min', 'C:maj', 'G:maj', 'D:maj', 'A:min', 'B:7', 'B:min'];
  const bars = Array.from({ length: 900 }, (_, bar) => labels[(bar * bar + (bar % 5)) % 7] as string);
  const sections = Array.from({ length: 60 }, (_, part) => ({ bar: part * 15, letter: 'ABCD'.charAt(part % 4) }));
  const chart = chartOf(knownSong({ key: { tonic: 'E', mode: 'minor' }, bars, sections }));
  assert.equal(chart.blocks.length, 60);
  assert.ok(JSON.stringify(summariseChart(chart)).length < 6000);
});

test('a chord between rests stays, however sure the rests are', () => {
  const bars = ['N', 'G:maj', 'N', 'C:maj'];
  const { chords } = chartOf(knownSong({ key: null, bars, tempoBpm: null }));
  assert.deepEqual(
    chords.map(({ label }) => label),
    bars,
  );
});
