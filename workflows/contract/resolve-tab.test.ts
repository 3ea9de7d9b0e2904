import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAPO_LIMITS, FRET_LIMITS, resolveTab, restated } from './resolve-tab.ts';
import { NO_TAB_PREFERENCES, TAB_PARTS } from './tab.ts';
import type { TabPart, TabPreferences, TabWish } from './tab.ts';
import { NAMED_TUNINGS } from './tunings.ts';

const NONE = NO_TAB_PREFERENCES;
const DROP_D = NAMED_TUNINGS['drop-d'];
const BASS = NAMED_TUNINGS['bass-standard'];
const FIVE = NAMED_TUNINGS['bass-5-string'];

function wish(part: TabPart, said: Partial<TabPreferences> = {}): TabWish {
  return { ...NONE, ...said, part, alone: null };
}

test('a part has its usual instrument, and every note is written', () => {
  const tunings = TAB_PARTS.map((part) => {
    const { level, instrument } = resolveTab(wish(part), NONE, NONE);
    assert.deepEqual([level, instrument.capo, instrument.frets], ['full', 0, 24]);
    return instrument.tuning;
  });
  assert.deepEqual(tunings, [NAMED_TUNINGS.standard, BASS, NAMED_TUNINGS.standard]);
});

test('what was said wins over the member, the member over the band', () => {
  const band: TabPreferences = { level: 'easy', tuning: NAMED_TUNINGS.dadgad, capo: 2, frets: 19 };
  const member: TabPreferences = { level: 'intermediate', tuning: DROP_D, capo: 0, frets: null };
  assert.deepEqual(resolveTab(wish('guitar', { capo: 5 }), member, band), {
    level: 'intermediate',
    instrument: { tuning: DROP_D, capo: 5, frets: 19 },
  });
  assert.deepEqual(resolveTab(wish('melody', { level: 'full' }), { ...member, capo: null }, band), {
    level: 'full',
    instrument: { tuning: DROP_D, capo: 2, frets: 19 },
  });
});

test('a guitarist’s tuning and capo do not come to the bass, nor a bassist’s to the guitar', () => {
  const guitarist: TabPreferences = { level: 'easy', tuning: DROP_D, capo: 3, frets: 19 };
  const bassist: TabPreferences = { level: null, tuning: FIVE, capo: null, frets: 20 };
  assert.deepEqual(resolveTab(wish('bass'), guitarist, bassist), {
    level: 'easy',
    instrument: { tuning: FIVE, capo: 0, frets: 20 },
  });
  assert.deepEqual(resolveTab(wish('guitar'), bassist, guitarist).instrument, { tuning: DROP_D, capo: 3, frets: 19 });
  assert.deepEqual(resolveTab(wish('bass'), { ...guitarist, tuning: null }, NONE).instrument, {
    tuning: BASS,
    capo: 0,
    frets: 19,
  });
  assert.deepEqual(resolveTab(wish('bass', { tuning: DROP_D, capo: 1 }), NONE, bassist).instrument, {
    tuning: DROP_D,
    capo: 1,
    frets: 20,
  });
});

test('who changes the instrument says anew where its capo is, who changes its tuning does not', () => {
  const guitar: TabPreferences = { level: 'easy', tuning: NAMED_TUNINGS.dadgad, capo: 2, frets: 19 };
  assert.deepEqual(restated(guitar, { tuning: DROP_D }), { ...guitar, tuning: DROP_D });
  assert.deepEqual(restated(guitar, { capo: 3 }), { ...guitar, capo: 3 });
  assert.deepEqual(restated(guitar, { tuning: BASS }), { level: 'easy', tuning: BASS, capo: null, frets: null });
  assert.deepEqual(restated(guitar, { tuning: BASS, capo: 1, frets: 20 }), {
    level: 'easy',
    tuning: BASS,
    capo: 1,
    frets: 20,
  });
  assert.deepEqual(restated({ ...NONE, tuning: FIVE, frets: 20 }, { tuning: DROP_D }), { ...NONE, tuning: DROP_D });
  assert.deepEqual(restated({ ...NONE, capo: 2, frets: 20 }, { tuning: BASS }), { ...NONE, tuning: BASS, frets: 20 });
  assert.deepEqual(restated(guitar, { tuning: null }), { ...guitar, tuning: null });
});

test('every capo leaves a fret', () => {
  assert.ok(CAPO_LIMITS[1] < FRET_LIMITS[0]);
});
