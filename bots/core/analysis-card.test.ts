import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import type { Language } from '../../workflows/contract/job-view.ts';
import type { Card } from '../../workflows/contract/card.ts';
import type { AnalysisResult } from '../../workflows/contract/sheets.ts';
import { PLATFORM_ABILITIES } from './abilities.ts';
import { EXAMPLE_SPLIT, exampleAnalysis, exampleJob } from './example-job.test-kit.ts';
import { jobCard } from './job-card.ts';
import type { CardPlace } from './job-card.ts';

const IDLE = { queuePlace: 0, secondsLeft: null };
const { request } = exampleJob({});
const ANALYZE = { ...request, command: { kind: 'analyze', source: EXAMPLE_SPLIT.source, facts: {} } } as const;

function cardOf(changes: Partial<AnalysisResult> = {}, place: CardPlace = {}): Card {
  const result = { ...exampleAnalysis(), ...changes };
  return jobCard(exampleJob({ request: ANALYZE }), IDLE, {
    ...place,
    outcome: { state: 'done', result, reused: false },
  });
}

function summaryWith(changes: Partial<AnalysisResult['summary']>): Partial<AnalysisResult> {
  return { summary: { ...exampleAnalysis().summary, ...changes } };
}

test('says what the song is made of, one thing a line, and how sure that is', () => {
  assert.deepEqual(cardOf().body, [
    'Tempo: 120 BPM (92 % sure)',
    'Metre: 4/4 (not sure)',
    'Key: A dorian (74 % sure)',
    'Chords: Am7, F, D/F#',
    'Form: 0:00 A (intro) · 0:20 B · 1:05 A',
    'Loudness: -13.2 LUFS, peak -0.4 dBTP, range 5.0 LU',
    'Tuning: A is 442.0 Hz (+8 cents)',
    'Genre: rock (not sure)',
    'Mood: not sure',
    '3 min 00 s of music in 8 s.',
  ]);
});

test('has stages, a title and buttons of its own', () => {
  const card = cardOf();
  assert.equal(card.subtitle, 'analysis');
  assert.deepEqual(
    card.stages.map(({ label, mark }) => `${label} ${mark}`),
    ['Receive done', 'Read done', 'Listen done', 'Deliver done'],
  );
  assert.deepEqual(
    card.actions.map(({ id, label }) => `${id} ${label}`),
    [
      'v1:K7QF2M:half Half time',
      'v1:K7QF2M:double Double time',
      'v1:K7QF2M:three It is 3/4',
      'v1:K7QF2M:shift Beat 1 comes later',
      'v1:K7QF2M:relative It is G major',
      'v1:K7QF2M:chords Chords',
      'v1:K7QF2M:lyrics Lyrics',
      'v1:K7QF2M:tab Tab',
    ],
  );
});

test('moves along its own stages while it runs', () => {
  const running = jobCard(exampleJob({ request: ANALYZE, stage: 'listen', fraction: 0.5 }), IDLE);
  assert.equal(running.fraction?.toFixed(2), '0.63');
  assert.deepEqual(
    running.stages.map(({ mark }) => mark),
    ['done', 'done', 'running', 'waiting'],
  );
  assert.deepEqual(running.log, []);
});

test('says that a member said it, where one did', () => {
  const facts = { tempoFactor: 2, beatsPerBar: 3, key: { tonic: 'A', mode: 'minor' } } as const;
  assert.deepEqual(cardOf({ facts }).body.slice(0, 3), [
    'Tempo: 120 BPM (as you say)',
    'Metre: 4/4 (as you say)',
    'Key: A dorian (as you say)',
  ]);
});

test('says how much a song drifts, and that it swings', () => {
  const rhythm = exampleAnalysis().summary.rhythm ?? assert.fail('the example has a beat');
  const drifting = { ...rhythm, slowestBpm: 112.04, fastestBpm: 127.96, swing: 0.66 };
  assert.equal(cardOf(summaryWith({ rhythm: drifting })).body[0], 'Tempo: 120 BPM, from 112 to 128, swung (92 % sure)');
});

test('asks for tapped beats where there is no beat, as that is typed there', () => {
  const silent = summaryWith({
    rhythm: null,
    key: null,
    chords: [],
    sections: [],
    loudnessLufs: null,
    tuningCents: null,
    genre: null,
  });
  const discord = cardOf(silent, { style: PLATFORM_ABILITIES.discord.style });
  assert.match(discord.body[0] ?? '', /type \/analyze song:K7QF2M tempo:120 with/u);
  assert.match(cardOf(silent).body[0] ?? '', /type \/analyze --song K7QF2M --tempo 120 with/u);
  assert.match(
    cardOf(silent, { style: PLATFORM_ABILITIES.slack.style }).body[0] ?? '',
    /type \/jam analyze song:K7QF2M tempo:120 with/u,
  );
  assert.deepEqual(
    discord.actions.map(({ label }) => label),
    ['Chords', 'Lyrics', 'Tab'],
  );
  assert.deepEqual(discord.body.slice(1, 4), [
    'Key: I hear no notes to tell it from.',
    'Chords: I hear none.',
    'Loudness: there is nothing to hear.',
  ]);
});

for (const language of LANGUAGES.filter((each): each is Exclude<Language, 'en'> => each !== 'en')) {
  test(`says all that in ${language} too`, () => {
    const english = cardOf().body;
    const translated = cardOf({}, { language }).body;
    assert.equal(translated.length, english.length);
    for (const [index, line] of translated.slice(0, 7).entries()) {
      assert.notEqual(line, english[index]);
      // The figures are the same.
      assert.deepEqual(line.match(/\d[\d.:/]*/gu), english[index]?.match(/\d[\d.:/]*/gu));
    }
  });
}
