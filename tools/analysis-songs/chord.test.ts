import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bassPitchClass, chordOf, noteName, pitchClassesOf, qualityName } from './chord.ts';
import type { SongKey } from './chord.ts';

const C: SongKey = { tonicPitchClass: 0, mode: 'major' };
const E_MINOR: SongKey = { tonicPitchClass: 4, mode: 'minor' };
const EB: SongKey = { tonicPitchClass: 3, mode: 'major' };

const CASES: readonly (readonly [string, SongKey, label: string, tones: readonly number[], bass: number])[] = [
  ['I', C, 'C:maj', [0, 4, 7], 0],
  ['vi7', C, 'A:min7', [9, 0, 4, 7], 9],
  ['V/3', C, 'G:maj/3', [7, 11, 2], 11],
  ['bVII', C, 'A#:maj', [10, 2, 5], 10],
  ['iiø7', E_MINOR, 'F#:hdim7', [6, 9, 0, 4], 6],
  ['i7/b7', E_MINOR, 'E:min7/b7', [4, 7, 11, 2], 2],
  ['i/5', E_MINOR, 'E:min/5', [4, 7, 11], 11],
  ['IV', EB, 'Ab:maj', [8, 0, 3], 8],
  ['Vsus4', EB, 'Bb:sus4', [10, 3, 5], 10],
];

for (const [roman, key, label, tones, bass] of CASES) {
  test(`${roman} in ${noteName(key.tonicPitchClass, key)} ${key.mode} is ${label}`, () => {
    const chord = chordOf(roman, key);
    assert.equal(`${noteName(chord.rootPitchClass, key)}:${qualityName(chord)}`, label);
    assert.deepEqual(pitchClassesOf(chord), tones);
    assert.equal(bassPitchClass(chord), bass);
  });
}

test('a name that is no chord is refused', () => {
  for (const roman of ['', 'H', 'VIII', 'I/b7', 'Imaj']) assert.throws(() => chordOf(roman, C), RangeError);
});
