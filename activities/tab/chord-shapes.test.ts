import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SongKey } from '../../workflows/contract/analysis.ts';
import { alphaTex } from './alphatab-files.ts';
import { asciiTab } from './ascii-tab.ts';
import { shapeName } from './chord-shapes.ts';
import { makeTab } from './make-tab.ts';
import { musicXml } from './music-xml.ts';
import { heard, steadyRhythm, TUNINGS } from './random-songs.test-kit.ts';
import type { TabScore } from './tab-score.ts';

const STANDARD = TUNINGS['standard'] as readonly number[];

function key(tonic: SongKey['tonic'], mode: SongKey['mode']): SongKey {
  return { tonic, mode, otherMode: null, confidence: 1 };
}

for (const [capo, tonic, mode, label, name] of [
  [0, 'D', 'major', 'D:maj', 'D'],
  [2, 'D', 'major', 'D:maj', 'C'],
  [2, 'D', 'major', 'F#:min7', 'Em7'],
  [2, 'D', 'major', 'N', 'N.C.'],
  [3, 'Bb', 'major', 'Eb:maj/3', 'C/E'],
  [4, 'C#', 'minor', 'F#:min', 'Dm'],
  [1, 'E', 'major', 'E:maj', 'Eb'],
  [1, 'G', 'minor', 'D:7', 'C#7'],
  [2, 'D', 'major', 'D#:dim7', 'C#dim7'],
] as const) {
  test(`${label} in ${tonic} ${mode} is fingered as ${name} behind a capo in fret ${capo}`, () => {
    const instrument = { tuning: STANDARD, capo, frets: 20 };
    assert.equal(shapeName(label, { key: key(tonic, mode), instrument }), name);
  });
}

function song(capo: number): TabScore {
  return makeTab({
    title: '',
    notes: [...[50, 54, 57].map((pitch) => heard(0, pitch)), ...[55, 59, 62].map((pitch) => heard(2, pitch))],
    rhythm: steadyRhythm(120, 2),
    instrument: { tuning: STANDARD, capo, frets: 20 },
    level: 'full',
    chords: ['D:maj', 'G:maj'].map((label, index) => ({
      startSeconds: 2 * index,
      endSeconds: 2 * index + 2,
      label,
      confidence: 1,
    })),
    key: key('D', 'major'),
  }).score;
}

test('a capo names shapes above the tab, says so, and leaves MusicXML as it sounds', () => {
  const score = song(2);
  const text = asciiTab(score);
  assert.match(text, /^Capo 2: chords are the shapes$/mu);
  assert.match(text, /^1 {4}C +F$/mu);
  const tex = alphaTex(score);
  assert.match(tex, /ch "C"/u);
  assert.match(tex, /ch "F"/u);
  assert.deepEqual(
    [...musicXml(score).matchAll(/<root-step>(.)/gu)].map(([, step]) => step),
    ['D', 'G'],
  );
  assert.match(asciiTab(song(0)), /^1 {4}D +G$/mu);
});
