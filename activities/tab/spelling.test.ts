import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SongKey } from '../../workflows/contract/analysis.ts';
import { makeTab } from './make-tab.ts';
import { musicXml } from './music-xml.ts';
import { heard, steadyRhythm, TUNINGS } from './random-songs.test-kit.ts';
import { spellNote } from './spelling.ts';
import type { SpelledPitch } from './spelling.ts';

const GUITAR = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };

function key(tonic: SongKey['tonic'], mode: SongKey['mode']): SongKey {
  return { tonic, mode, otherMode: null, confidence: 1 };
}

function nameOf({ step, alter, octave }: SpelledPitch): string {
  return `${step}${['b', '', '#'][alter + 1] as string}${octave}`;
}

for (const [tonic, mode, chord, pitches, names] of [
  ['G', 'minor', 'D:maj', [62, 66, 69], 'D4 F#4 A4'],
  ['D', 'minor', 'A:7', [57, 61, 64, 67], 'A3 C#4 E4 G4'],
  ['C', 'major', 'C:7', [60, 64, 67, 70], 'C4 E4 G4 Bb4'],
  ['C#', 'minor', 'G#:maj', [56, 60, 63], 'G#3 B#3 D#4'],
  ['F#', 'major', 'C#:maj', [61, 65, 68], 'C#4 E#4 G#4'],
  ['C', 'major', 'E:7', [64, 68, 71, 74], 'E4 G#4 B4 D5'],
  ['C', 'major', 'F:min', [65, 68, 72], 'F4 Ab4 C5'],
  ['C', 'major', 'B:dim7', [59, 62, 65, 68], 'B3 D4 F4 Ab4'],
  ['C', 'major', 'C:aug', [60, 64, 68], 'C4 E4 G#4'],
  ['C', 'major', 'C:maj/b7', [58, 60], 'Bb3 C4'],
  ['Eb', 'minor', 'Cb:maj', [59, 63, 66], 'Cb4 Eb4 Gb4'],
  ['Gb', 'major', 'Cb:maj', [71, 75, 78], 'Cb5 Eb5 Gb5'],
  ['D#', 'major', 'N', [63, 67, 70], 'Eb4 G4 Bb4'],
  ['C', 'major', 'Eb:dim7', [63, 66, 69, 72], 'Eb4 Gb4 A4 C5'],
  ['A', 'minor', 'N', [68, 69], 'G#4 A4'],
] as const) {
  test(`under ${chord} in ${tonic} ${mode} the notes are ${names}`, () => {
    const spelled = pitches.map((pitch) => spellNote(pitch, key(tonic, mode), chord));
    assert.equal(spelled.map((name) => nameOf(name)).join(' '), names);
    for (const [index, { step, alter, octave }] of spelled.entries()) {
      const sounds = (octave + 1) * 12 + 'C D EF G A B'.indexOf(step) + alter;
      assert.equal(sounds, pitches[index]);
    }
  });
}

test('MusicXML spells notes by the chord that sounds, and a tied one as where it began', () => {
  const chords = [
    { startSeconds: 0, endSeconds: 2, label: 'E:maj', confidence: 1 },
    { startSeconds: 2, endSeconds: 4, label: 'F:min', confidence: 1 },
  ];
  const { score } = makeTab({
    title: '',
    notes: [heard(0, 52), heard(1.5, 56, 1), heard(3, 56, 0.5)],
    rhythm: steadyRhythm(120, 2),
    instrument: GUITAR,
    level: 'full',
    chords,
    key: key('C', 'major'),
  });
  const pitches = [...musicXml(score).matchAll(/<step>(.)<\/step>\s*(?:<alter>(-?1)<\/alter>)?/gu)];
  assert.deepEqual(
    pitches.map(([, step, alter]) => `${step as string}${alter ?? ''}`),
    ['E', 'G1', 'G1', 'A-1'],
  );
});
