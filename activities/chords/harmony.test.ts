import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SongKey } from '../../workflows/contract/analysis.ts';
import type { ChartDetail } from '../../workflows/contract/chart.ts';
import { pitchClassOf } from '../../workflows/contract/scales.ts';
import { keyOf } from './key-names.ts';
import { keyRegions } from './key-regions.ts';
import { easiestCapo } from './open-shapes.ts';
import { readChord } from './pitch-chord.ts';
import type { PitchChord } from './pitch-chord.ts';
import { loopOf, romanNumeral } from './roman-numerals.ts';
import { sectionScale } from './section-scale.ts';
import { repeated } from './songs.test-kit.ts';

type Named = Pick<SongKey, 'tonic' | 'mode'>;
const C: Named = { tonic: 'C', mode: 'major' };
const A_MINOR: Named = { tonic: 'A', mode: 'minor' };

function chord(label: string): PitchChord {
  const read = readChord(label);
  assert.ok(read, label);
  return read;
}

function numerals(key: Named, labels: readonly string[], detail: ChartDetail = 'detailed'): string {
  const chords = labels.map(chord);
  return chords.map((each, index) => romanNumeral(each, keyOf(key), chords[index + 1] ?? null, detail)).join(' ');
}

for (const [key, labels, expected, simple] of [
  [C, ['C:maj7', 'D:min7', 'G:7', 'C:maj'], 'Imaj7 ii7 V7 I', 'I ii V I'],
  [C, ['B:dim', 'E:min', 'A:min', 'F#:hdim7'], 'vii° iii vi #ivø7', 'vii° iii vi #iv°'],
  [C, ['Bb:maj', 'Ab:maj', 'Eb:maj', 'F:min', 'Db:maj'], 'bVII bVI bIII iv bII', 'bVII bVI bIII iv bII'],
  [C, ['A:7', 'D:min', 'D:7', 'G:maj', 'E:7', 'A:min'], 'V7/ii ii V7/V V V7/vi vi', 'V/ii ii V/V V V/vi vi'],
  [C, ['E:maj', 'F:maj', 'D:maj', 'F:maj'], 'III IV II IV', 'III IV II IV'],
  [C, ['C:7', 'F:7', 'C:7', 'G:7'], 'I7 IV7 I7 V7', 'I IV I V'],
  [C, ['G:maj/3', 'C:aug', 'G:sus4', 'D:sus4', 'C:5'], 'V/3 I+ Vsus4 iisus4 I5', 'V I+ V ii I'],
  [A_MINOR, ['A:min', 'F:maj', 'C:maj', 'G:maj'], 'i VI III VII', 'i VI III VII'],
  [A_MINOR, ['A:min', 'D:min', 'E:7', 'A:min'], 'i iv V7 i', 'i iv V i'],
  [A_MINOR, ['B:hdim7', 'E:min', 'G#:dim', 'D:maj', 'Bb:maj'], 'iiø7 v vii° IV bII', 'ii° v vii° IV bII'],
  [A_MINOR, ['A:7', 'D:min', 'B:7', 'E:maj'], 'V7/iv iv V7/V V', 'V/iv iv V/V V'],
] as const) {
  test(`${labels.join(' ')} in ${key.tonic} ${key.mode} is ${expected}`, () => {
    assert.equal(numerals(key, labels), expected);
    assert.equal(numerals(key, labels, 'simple'), simple);
  });
}

test('a loop is the shortest part that everything repeats', () => {
  assert.equal(loopOf(['I', 'V', 'vi', 'IV', 'I', 'V', 'vi', 'IV', 'I']), 4);
  assert.equal(loopOf(['I', 'I', 'I']), 1);
  assert.equal(loopOf(['I', 'V', 'vi', 'I']), 4);
  assert.equal(loopOf([]), 0);
});

for (const [key, labels, scale] of [
  [C, ['C:maj', 'F:maj', 'G:maj'], 'C major'],
  [C, ['C:maj', 'Bb:maj', 'F:maj'], 'C mixolydian'],
  [C, ['C:maj', 'D:maj', 'B:min'], 'C lydian'],
  [C, ['C:maj'], 'C major'],
  [A_MINOR, ['A:min', 'F:maj', 'C:maj', 'G:maj'], 'A natural minor'],
  [{ tonic: 'D', mode: 'minor' }, ['D:min7', 'G:7'], 'D dorian'],
  [A_MINOR, ['A:min', 'D:min', 'E:7'], 'A harmonic minor'],
  [A_MINOR, ['A:min', 'Bb:maj', 'D:min'], 'A phrygian'],
  [A_MINOR, ['A:min', 'D:maj', 'E:maj'], 'A melodic minor'],
  [A_MINOR, ['A:min', 'E:min'], 'A natural minor'],
] as const) {
  test(`${labels.join(' ')} are of ${scale}`, () => {
    assert.equal(
      sectionScale(
        labels.map((label) => ({ chord: chord(label), seconds: 2 })),
        key,
      ),
      scale,
    );
  });
}

/** The tonics of the regions, with the bar that each begins with. */
function regions(
  home: Named & { readonly otherMode?: SongKey['otherMode'] },
  bars: readonly string[],
  sections: readonly number[] = [0],
): string[] {
  const windows = bars.map((label, bar) => {
    const read = readChord(label);
    return { opensSection: sections.includes(bar), chords: read === null ? [] : [{ chord: read, share: 1 }] };
  });
  const found = keyRegions(windows, { ...keyOf(home), otherMode: home.otherMode ?? null });
  assert.equal(found[0]?.fromWindow, 0);
  assert.equal(found.at(-1)?.toWindow, bars.length);
  return found.map(({ fromWindow, key }) => `${fromWindow} ${key.tonic} ${key.mode}`);
}

const LOOP = ['C:maj', 'G:maj', 'A:min', 'F:maj'];

for (const semitones of [1, 2, 3, 5]) {
  test(`a song that moves up by ${semitones} changes its key where it does, and again where it comes back`, () => {
    const moved = LOOP.map((label) => {
      const { root, quality } = chord(label);
      return `${['C', 'Db', 'D', 'Eb', 'E', 'F', 'Gb', 'G', 'Ab', 'A', 'Bb', 'B'][(root + semitones) % 12]}:${quality}`;
    });
    const [first, higher] = [repeated(LOOP, 6), repeated(moved, 6)];
    assert.deepEqual(regions(C, [...first, ...higher], [0, 24]), ['0 0 major', `24 ${semitones} major`]);
    assert.deepEqual(regions(C, [...first, ...higher, ...first], [0, 24, 48]), [
      '0 0 major',
      `24 ${semitones} major`,
      '48 0 major',
    ]);
  });
}

test('eight bars in another key are enough, four are not', () => {
  const up = ['D:maj', 'A:maj', 'B:min', 'G:maj'];
  const start = repeated(LOOP, 4);
  assert.deepEqual(regions(C, [...start, ...up, ...up], [0, 16]), ['0 0 major', '16 2 major']);
  assert.deepEqual(regions(C, [...start, ...up, ...start], [0, 16, 20]), ['0 0 major']);
});

test('seven bars are a turn of harmony, however far away, and eight are a key', () => {
  const far = ['Gb:maj', 'Db:maj', 'Eb:min', 'B:maj'];
  const start = repeated(LOOP, 4);
  const away = repeated(far, 2);
  assert.deepEqual(regions(C, [...start, ...away.slice(0, 7), ...start], [0, 16, 23]), ['0 0 major']);
  assert.deepEqual(regions(C, [...start, ...away, ...start], [0, 16, 24]), ['0 0 major', '16 6 major', '24 0 major']);
});

test('a minor song moves up as a minor song', () => {
  const low = repeated(['A:min', 'F:maj', 'C:maj', 'G:maj'], 4);
  const high = repeated(['B:min', 'G:maj', 'D:maj', 'A:maj'], 4);
  assert.deepEqual(regions(A_MINOR, [...low, ...high], [0, 16]), ['0 9 minor', '16 11 minor']);
});

test('from minor to the major on the same tonic is a change', () => {
  const minor = repeated(['A:min', 'D:min', 'E:7', 'A:min'], 4);
  const major = repeated(['A:maj', 'D:maj', 'E:7', 'A:maj'], 4);
  assert.deepEqual(regions(A_MINOR, [...minor, ...major], [0, 16]), ['0 9 minor', '16 9 major']);
});

for (const [name, home, bars] of [
  ['the relative major', A_MINOR, [...repeated(['A:min', 'D:min', 'A:min', 'E:min'], 4), ...repeated(LOOP, 4)]],
  ['the relative minor', C, [...repeated(LOOP, 4), ...repeated(['A:min', 'D:min', 'E:7', 'A:min'], 4)]],
  ['secondary dominants', C, repeated(['C:maj', 'A:7', 'D:7', 'G:7', 'C:maj', 'E:7', 'A:min', 'G:7'], 4)],
  ['borrowed chords', C, repeated(['C:maj', 'Bb:maj', 'F:maj', 'C:maj', 'Ab:maj', 'Bb:maj', 'C:maj', 'F:min'], 4)],
  ['a blues', { tonic: 'A', mode: 'major' }, repeated('A:7 A:7 A:7 A:7 D:7 D:7 A:7 A:7 E:7 D:7 A:7 E:7'.split(' '), 4)],
  [
    'a mixolydian song',
    { tonic: 'D', mode: 'major', otherMode: 'mixolydian' },
    repeated(['D:maj', 'C:maj', 'G:maj', 'D:maj'], 8),
  ],
  ['one chord', A_MINOR, repeated(['A:min'], 32)],
  ['silence', C, repeated(['N'], 16)],
] as const) {
  test(`${name}: no change of key`, () => {
    assert.deepEqual(regions(home, bars, [0, 16]), [`0 ${pitchClassOf(home.tonic)} ${home.mode}`]);
  });
}

test('the easiest capo is the one that brute force finds, by a table of shapes of its own', () => {
  const open = ['C', 'D', 'E', 'G', 'A', 'Am', 'Dm', 'Em'];
  const names = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];
  for (let tonic = 0; tonic < 12; tonic++) {
    const song = [0, 7, 9, 5].map((degree, index) => ({
      root: (tonic + degree) % 12,
      suffix: degree === 9 ? 'm' : '',
      seconds: 4 - index / 10,
    }));
    const openSeconds = (fret: number): number =>
      song
        .filter(({ root, suffix }) => open.includes(`${names[(root - fret + 12) % 12]}${suffix}`))
        .reduce((sum, { seconds }) => sum + seconds, 0);
    const frets = [0, 1, 2, 3, 4, 5, 6, 7];
    const best = Math.max(...frets.map(openSeconds));
    const expected = frets.findIndex((fret) => openSeconds(fret) === best);
    const chords = song.map(({ root, suffix, seconds }) => ({
      chord: { root, quality: suffix === 'm' ? 'min' : 'maj', bassDegree: null },
      seconds,
    }));
    assert.equal(easiestCapo(chords), expected === 0 ? null : expected, `tonic ${tonic}`);
  }
  assert.equal(easiestCapo([]), null);
});
