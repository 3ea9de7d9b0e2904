import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { TONICS } from '../../workflows/contract/analysis.ts';
import type { SongFacts, SongRhythm } from '../../workflows/contract/analysis.ts';
import { pitchClassOf } from '../../workflows/contract/scales.ts';
import { loadFft } from '../dsp/fft.ts';
import { findHarmony } from './harmony.ts';
import { harmonyOf, KIT_RATE_HZ, kitNoise, playNotes, strum } from './synthetic-song.test-kit.ts';

before(loadFft);

/** Bars of 2 s and four beats. */
function rhythmOf(bars: number): SongRhythm {
  const beatsSeconds = Array.from({ length: 4 * bars }, (_, beat) => beat / 2);
  return {
    tempoBpm: 120,
    confidence: 1,
    tempoCurve: [],
    beatsSeconds,
    downbeatsSeconds: beatsSeconds.filter((_, beat) => beat % 4 === 0),
    timeSignature: { beatsPerBar: 4, beatUnit: 4, confidence: 1 },
    swing: null,
  };
}

/** A bar of each chord. */
function song(chords: readonly (readonly number[])[], cents = 0): Float32Array {
  return playNotes(
    chords.flatMap((pitches, bar) => strum(2 * bar, 2, pitches)),
    2 * chords.length,
    cents,
  );
}

const C = [36, 60, 64, 67];
const G = [43, 59, 62, 67];
const A_MINOR = [45, 60, 64, 69];
const F = [41, 60, 65, 69];
const E_SEVEN = [40, 59, 62, 64, 68];
const D_MINOR = [38, 62, 65, 69];

test('names the chords and key of a plain song, on the bars that they change on', () => {
  const bars = [C, G, A_MINOR, F, C, G, F, C];
  const { chords, key } = harmonyOf(song(bars), { rhythm: rhythmOf(8) });
  assert.deepEqual(
    chords.map(({ startSeconds, label }) => [startSeconds, label]),
    ['C:maj', 'G:maj', 'A:min', 'F:maj', 'C:maj', 'G:maj', 'F:maj', 'C:maj'].map((label, bar) => [2 * bar, label]),
  );
  assert.equal(`${key?.tonic} ${key?.mode}`, 'C major');
  assert.ok(key!.confidence > 0.6);
});

test('tells a minor key from its relative major', () => {
  const { key, chords } = harmonyOf(song([A_MINOR, F, D_MINOR, E_SEVEN, A_MINOR, F, E_SEVEN, A_MINOR]), {
    rhythm: rhythmOf(8),
  });
  assert.equal(`${key?.tonic} ${key?.mode}`, 'A minor');
  assert.equal(chords[3]!.label, 'E:7');
});

test('names the bass of an inversion', () => {
  const { chords } = harmonyOf(song([C, [40, 60, 64, 67], F, C]), { rhythm: rhythmOf(4) });
  assert.deepEqual(
    chords.map(({ label }) => label),
    ['C:maj', 'C:maj/3', 'F:maj', 'C:maj'],
  );
});

for (const cents of [-40, -15, 30]) {
  test(`reads a song ${String(cents)} cents off, and its chords all the same`, () => {
    const { tuningCents, chords } = harmonyOf(song([C, F, G, C], cents), { rhythm: rhythmOf(4) });
    assert.ok(Math.abs(tuningCents! - cents) < 3, String(tuningCents));
    assert.deepEqual(
      chords.map(({ label }) => label),
      ['C:maj', 'F:maj', 'G:maj', 'C:maj'],
    );
  });
}

test('chords tile the song without a beat too, and silence is no chord', () => {
  const samples = new Float32Array(12.1 * KIT_RATE_HZ);
  samples.set(song([C, G]), 4 * KIT_RATE_HZ);
  const { chords } = harmonyOf(samples, { rhythm: null });
  assert.equal(chords[0]!.startSeconds, 0);
  assert.ok(Math.abs(chords.at(-1)!.endSeconds - 12.1) < 1e-6);
  for (const [index, chord] of chords.entries()) {
    assert.ok(chord.endSeconds > chord.startSeconds);
    if (index > 0) assert.equal(chord.startSeconds, chords[index - 1]!.endSeconds);
  }
  assert.deepEqual(
    chords.map(({ label }) => label),
    ['N', 'C:maj', 'G:maj', 'N'],
  );
});

test('a key that a musician named is kept and spells the chords', () => {
  const { key, chords } = harmonyOf(song([[34, 58, 62, 65], F]), {
    rhythm: rhythmOf(2),
    key: { tonic: 'F', mode: 'major' },
  });
  assert.deepEqual(key && [key.tonic, key.mode, key.confidence], ['F', 'major', 1]);
  assert.equal(chords[0]!.label, 'Bb:maj');
});

const G_FLAT: readonly (readonly number[])[] = [
  [42, 58, 61, 66],
  [47, 59, 63, 66],
  [49, 61, 65, 68],
  [42, 58, 61, 66],
];
for (const [tonic, mode, labels] of [
  ['Gb', 'major', ['Gb:maj', 'Cb:maj', 'Db:maj', 'Gb:maj']],
  ['F#', 'major', ['F#:maj', 'B:maj', 'C#:maj', 'F#:maj']],
  ['D#', 'minor', ['F#:maj', 'B:maj', 'C#:maj', 'F#:maj']],
  ['Eb', 'minor', ['Gb:maj', 'Cb:maj', 'Db:maj', 'Gb:maj']],
  ['A#', 'minor', ['F#:maj', 'B:maj', 'C#:maj', 'F#:maj']],
] as const) {
  test(`a song that is said to be in ${tonic} ${mode} is, and its chords are spelled there`, () => {
    const { key, chords } = harmonyOf(song(G_FLAT), { rhythm: rhythmOf(4), key: { tonic, mode } });
    assert.deepEqual(key, { tonic, mode, otherMode: null, confidence: 1 });
    assert.deepEqual(
      chords.map(({ label }) => label),
      labels,
    );
  });
}

test('chords have a name of their own pitch in every key that can be said', () => {
  const { frames } = harmonyOf(song([C, [37, 61, 65, 68], D_MINOR, [39, 63, 67, 70], E_SEVEN, F, ...G_FLAT]), {
    rhythm: rhythmOf(10),
  });
  const rootsIn = (key: SongFacts['key']): number[] =>
    findHarmony(frames, 20, { rhythm: rhythmOf(10), key }).chords.map(({ label }) => {
      assert.match(label, /^[A-G][b#]?:/);
      return pitchClassOf(label.split(':')[0]!);
    });
  for (const tonic of TONICS) {
    for (const mode of ['major', 'minor'] as const) {
      assert.deepEqual(rootsIn({ tonic, mode }), [0, 1, 2, 3, 4, 5, 6, 11, 1, 6], `${tonic} ${mode}`);
    }
  }
});

test('a dorian song is plainly minor to those who say so', () => {
  const samples = song([D_MINOR, G, D_MINOR, G, D_MINOR, C, G, D_MINOR]);
  const heard = harmonyOf(samples, { rhythm: rhythmOf(8) });
  assert.equal(heard.key?.otherMode, 'dorian');
  const { key } = harmonyOf(samples, { rhythm: rhythmOf(8), key: { tonic: 'D', mode: 'minor' } });
  assert.deepEqual(key, { tonic: 'D', mode: 'minor', otherMode: null, confidence: 1 });
});

test('noise and silence have no key, no tuning and no chord', () => {
  for (const samples of [kitNoise(10, 3), new Float32Array(10 * KIT_RATE_HZ), new Float32Array(0)]) {
    const { key, chords, tuningCents } = harmonyOf(samples, { rhythm: null });
    assert.equal(key, null);
    assert.equal(tuningCents, null);
    assert.ok(chords.every(({ label }) => label === 'N'));
  }
});
