import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import { loadFft } from '../dsp/fft.ts';
import { nameSections } from './name-sections.ts';
import { findSections } from './sections.ts';
import { harmonyOf, KIT_RATE_HZ, playNotes, strum } from './synthetic-song.test-kit.ts';
import type { KitNote } from './synthetic-song.test-kit.ts';

before(loadFft);

const BAR_SECONDS = 2;
/** Four bars each, twice over in a section of eight. */
const PHRASES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  a: [
    [36, 60, 64, 67],
    [43, 59, 62, 67],
    [45, 60, 64, 69],
    [41, 60, 65, 69],
  ],
  b: [
    [38, 62, 65, 69],
    [40, 59, 64, 67],
    [41, 60, 65, 72],
    [43, 62, 67, 71],
  ],
};

function rhythmOf(bars: number): SongRhythm {
  const beatsSeconds = Array.from({ length: 4 * bars }, (_, beat) => (beat * BAR_SECONDS) / 4);
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

function song(form: string): { samples: Float32Array; rhythm: SongRhythm } {
  const notes: KitNote[] = [];
  let bar = 0;
  for (const letter of form) {
    for (const pitches of [...PHRASES[letter]!, ...PHRASES[letter]!])
      notes.push(...strum(BAR_SECONDS * bar++, BAR_SECONDS, pitches));
  }
  return { samples: playNotes(notes, BAR_SECONDS * bar), rhythm: rhythmOf(bar) };
}

test('finds verse and chorus by their chords, on downbeats, with the same letter where they come again', () => {
  const { samples, rhythm } = song('abab');
  const sections = findSections(harmonyOf(samples, { rhythm }), rhythm);
  assert.deepEqual(
    sections.map(({ startSeconds, endSeconds, letter }) => [startSeconds, endSeconds, letter]),
    [
      [0, 16, 'A'],
      [16, 32, 'B'],
      [32, 48, 'A'],
      [48, 64, 'B'],
    ],
  );
});

test('a song that never changes is one section', () => {
  const { samples, rhythm } = song('aaa');
  const letters = findSections(harmonyOf(samples, { rhythm }), rhythm).map(({ letter }) => letter);
  assert.deepEqual(new Set(letters), new Set(['A']));
});

test('silence is one section, and no sound none', () => {
  for (const [seconds, sections] of [
    [20, 1],
    [0, 0],
  ] as const) {
    const harmony = harmonyOf(new Float32Array(seconds * KIT_RATE_HZ), { rhythm: null });
    assert.equal(findSections(harmony, null).length, sections);
  }
});

function namesOf(letters: string, levels: Readonly<Record<string, number>>): (string | null)[] {
  return nameSections(
    [...letters].map((letter, n) => ({
      startSeconds: 16 * n,
      endSeconds: 16 * (n + 1),
      letter,
      levelDb: levels[letter]!,
    })),
  );
}

test('names the louder of two parts that repeat chorus, and what stands apart intro, bridge and outro', () => {
  assert.deepEqual(namesOf('IABABCBO', { I: -30, A: -20, B: -16, C: -18, O: -26 }), [
    'intro',
    'verse',
    'chorus',
    'verse',
    'chorus',
    'bridge',
    'chorus',
    'outro',
  ]);
});

test('gives no names where they would be guesses', () => {
  assert.deepEqual(namesOf('ABAB', { A: -20, B: -19.5 }), [null, null, null, null]);
  assert.deepEqual(namesOf('AB', { A: -20, B: -10 }), [null, null]);
  assert.deepEqual(namesOf('BABA', { A: -20, B: -10 }), [null, null, null, null]);
});
