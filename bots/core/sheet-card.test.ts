import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import type { Card } from '../../workflows/contract/card.ts';
import type { SheetResult } from '../../workflows/contract/sheets.ts';
import { NAMED_TUNINGS } from '../../workflows/contract/tunings.ts';
import { exampleJob } from './example-job.test-kit.ts';
import {
  EXAMPLE_COMMANDS,
  EXAMPLE_SHEETS,
  exampleChords,
  exampleLyrics,
  exampleTab,
} from './example-sheets.test-kit.ts';
import { jobCard } from './job-card.ts';
import type { CardPlace } from './job-card.ts';

const { request } = exampleJob({});

function cardOf(result: SheetResult, place: CardPlace = {}): Card {
  const job = exampleJob({ request: { ...request, command: EXAMPLE_COMMANDS[result.kind] } });
  const outcome = { state: 'done', result, reused: false } as const;
  return jobCard(job, { queuePlace: 0, secondsLeft: null }, { ...place, outcome });
}

test('chords: the key as it sounds, the easiest capo, the form, and how the chart begins', () => {
  const card = cardOf(exampleChords());
  assert.equal(card.subtitle, 'chords');
  assert.deepEqual(card.body, [
    'Key: B minor, up 2 (74 % sure)',
    'Easiest with a capo on fret 2.',
    'Form: 0:00 Intro · 0:20 B',
    'Key changes: 1:05 D major',
    '',
    'Intro',
    '| Bm . . . | G . . . |',
    '',
    '3 min 00 s of music in 8 s.',
  ]);
});

test('chords: behind a capo the names are shapes; moved down, and no key, are said', () => {
  const { summary, ...rest } = exampleChords();
  const playedIn = { tonic: 'A', mode: 'minor' } as const;
  const moved = { ...summary, capo: 2, playedIn, transpose: -3, modulations: [], sections: [] };
  assert.deepEqual(
    cardOf({ ...rest, summary: moved, facts: { key: { tonic: 'D', mode: 'minor' } } }).body.slice(0, 3),
    ['Key: B minor, down 3 (as you say)', 'Capo: fret 2; the names are the shapes behind it, as in A minor', ''],
  );
  const first = { ...rest, summary, facts: { key: { tonic: 'C', mode: 'major' } } } as const;
  assert.equal(cardOf(first).body[0], 'Key: B minor, up 2 (74 % sure)');
  assert.match(cardOf({ ...rest, summary: { ...summary, key: null } }).body[0] ?? '', /^Key: I hear no notes/u);
  assert.match(cardOf({ ...rest, summary: { ...summary, opening: '' } }).body[0] ?? '', /^I hear no chords/u);
});

test('lyrics: a language that nobody can tell is not named', () => {
  const { summary, ...rest } = exampleLyrics();
  const given = { ...summary, source: 'given', language: null, words: 12, confidence: 0.1 } as const;
  assert.match(cardOf({ ...rest, summary: given }).body[0] ?? '', /^Words: 12/u);
});

test('lyrics: their language, how sure that is, and the first lines with their times', () => {
  const card = cardOf(exampleLyrics());
  assert.equal(card.subtitle, 'lyrics');
  assert.deepEqual(card.body.slice(0, -1), [
    'Language: English',
    'Words: 214 (not sure)',
    '',
    '0:12 Down by the river',
    '1:15 there we were *free*',
    '',
  ]);
});

test('lyrics: words that somebody gave are theirs, and where nobody sings there are none', () => {
  const { summary, ...rest } = exampleLyrics();
  const given = cardOf({ ...rest, summary: { ...summary, source: 'given', confidence: 0.9, language: 'xx-nonsense' } });
  assert.deepEqual(given.body.slice(0, 2), [
    'Language: xx (NONSENSE)',
    'Words: 214 of yours; I found when they are sung (90 % sure)',
  ]);
  const none = cardOf({ ...rest, summary: { ...summary, words: 0, confidence: null, opening: [] } });
  assert.deepEqual(none.body.slice(0, -1), ['Nobody sings here that I could make out.']);
});

test('tab: its instrument, its length, and what a hand has to do', () => {
  const card = cardOf(exampleTab());
  assert.equal(card.subtitle, 'tab, guitar');
  assert.deepEqual(card.body.slice(0, -1), [
    'For: guitar, DADGAD, capo 2 (full)',
    'Bars: 64, notes: 312',
    'Hand: widest stretch 4 frets, 0.8 shifts a bar',
    'Left out: 12 notes that no hand reaches, or that the level does without',
  ]);
});

test('tab: what is out of the ordinary is said, and where nothing plays there is none', () => {
  const { summary, ...rest } = exampleTab();
  const instrument = { tuning: NAMED_TUNINGS['bass-drop-d'], capo: 0, frets: 20 };
  const playability = { ...summary.playability, dropped: 0 };
  const free = {
    ...summary,
    instrument,
    playability,
    level: 'easy',
    confidence: 0.3,
    tempoBpm: null,
    alone: true,
  } as const;
  assert.deepEqual(cardOf({ ...rest, summary: free }).body.slice(0, -1), [
    'For: bass, drop-d, 20 frets (easy)',
    'Bars: 64, notes: 312',
    'I am not sure of these notes: they can hardly be heard.',
    'Hand: widest stretch 4 frets, 0.8 shifts a bar',
    'In free time, as I find no beat.',
    'Heard in the recording itself, as the part plays alone.',
  ]);
  assert.deepEqual(cardOf({ ...rest, summary: { ...summary, notes: 0 } }).body.slice(0, -1), [
    'I heard no notes to write down.',
  ]);
});

for (const language of LANGUAGES) {
  test(`says all that in ${language}, with the same figures, in as many lines`, () => {
    for (const example of Object.values(EXAMPLE_SHEETS)) {
      const english = cardOf(example()).body;
      const said = cardOf(example(), { language }).body;
      assert.equal(said.length, english.length);
      for (const [index, line] of said.entries()) {
        assert.deepEqual(line.match(/\d[\d.:]*/gu), english[index]?.match(/\d[\d.:]*/gu), line);
      }
    }
  });
}
