/** Songs that nobody wrote, as tabs: any tuning, metre, key and level, with notes that fit no grid and chords of every kind. */
import fc from 'fast-check';
import { makeTab } from '../activities/tab/make-tab.ts';
import { anyInstrument, anyNotes, anyRhythm } from '../activities/tab/random-songs.test-kit.ts';
import type { TabScore } from '../activities/tab/tab-score.ts';
import type { ChordSpan } from '../workflows/contract/analysis.ts';
import type { HeardNote } from '../workflows/contract/notes.ts';
import { KEYS, named, spellIn } from '../workflows/contract/scales.ts';
import type { Key } from '../workflows/contract/scales.ts';
import { TAB_LEVELS } from '../workflows/contract/tab.ts';

/** Those that an analysis finds. */
const QUALITIES = [
  'maj',
  'maj/3',
  'maj/5',
  'min',
  'min/b3',
  '7',
  'maj7',
  'maj6',
  'min7',
  'sus4',
  'dim',
  'hdim7',
  'aug',
];
const CHORD_SECONDS = 0.7;
const MOST_CHORDS = 24;
const MOST_PHRASES = 6;
/** Some songs have no note in the range of their instrument. */
const TRIES_PER_SONG = 3;

/** @returns that many scores with a note at least; the same seed gives the same ones */
export function sheetSongs(count: number, seed: number): TabScore[] {
  const songs = fc.record({
    notes: fc.array(anyNotes(), { minLength: 1, maxLength: MOST_PHRASES, size: 'max' }).map(inTurn),
    rhythm: anyRhythm(),
    instrument: anyInstrument(),
    level: fc.constantFrom(...TAB_LEVELS),
    key: fc.constantFrom(...KEYS),
    chords: fc.array(fc.tuple(fc.nat({ max: 11 }), fc.constantFrom('N', ...QUALITIES)), {
      maxLength: MOST_CHORDS,
      size: 'max',
    }),
  });
  const scores: TabScore[] = [];
  for (const { key, chords, ...song } of fc.sample(fc.noBias(songs), { numRuns: count * TRIES_PER_SONG, seed })) {
    const { score } = makeTab({
      ...song,
      title: `Song ${String(scores.length + 1)} <of ${String(count)}> & "others"`,
      key: { ...named(key), otherMode: null, confidence: 1 },
      chords: chords.map(([root, quality], index) => chordSpan(root, quality, index, key)),
    });
    if (score.played.length > 0) scores.push(score);
    if (scores.length === count) return scores;
  }
  throw new Error(`${String(count * TRIES_PER_SONG)} random songs had no ${String(count)} with notes`);
}

function chordSpan(root: number, quality: string, index: number, key: Key): ChordSpan {
  return {
    startSeconds: index * CHORD_SECONDS,
    endSeconds: (index + 1) * CHORD_SECONDS,
    label: quality === 'N' ? quality : `${spellIn(root, named(key))}:${quality}`,
    confidence: 1,
  };
}

/** Each phrase begins when the notes of the one before it have begun. */
function inTurn(phrases: readonly (readonly HeardNote[])[]): HeardNote[] {
  let startSeconds = 0;
  return phrases.flatMap((phrase) => {
    const from = startSeconds;
    startSeconds += Math.max(0, ...phrase.map((note) => note.startSeconds));
    return phrase.map((note) => ({
      ...note,
      startSeconds: from + note.startSeconds,
      endSeconds: from + note.endSeconds,
    }));
  });
}
