import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTuning } from './parse-tuning.ts';
import type { TabPart } from './tab.ts';
import { NAMED_TUNINGS, TUNING_NAMES, isBassTuning, tuningName } from './tunings.ts';

const { standard } = NAMED_TUNINGS;
const FLAT = NAMED_TUNINGS['half-step-down'];

const READ: readonly (readonly [string, TabPart | null, readonly number[]])[] = [
  ['standard', 'guitar', standard],
  ['Standard', 'bass', NAMED_TUNINGS['bass-standard']],
  ['half step down', 'melody', FLAT],
  ['drop-d', 'bass', NAMED_TUNINGS['bass-drop-d']],
  ['5-string', null, NAMED_TUNINGS['bass-5-string']],
  ['bass', null, NAMED_TUNINGS['bass-standard']],
  ['ukulele', 'melody', NAMED_TUNINGS.ukulele],
  ['EADGBE', 'guitar', standard],
  ['eadgbe', null, standard],
  ['EADGHE', 'guitar', standard],
  ['D A D G B E', 'guitar', NAMED_TUNINGS['drop-d']],
  ['D-A-D-G-A-D', null, NAMED_TUNINGS.dadgad],
  ['E2 A2 D3 G3 B3 E4', 'bass', standard],
  ['e4 b3 g3 d3 a2 e2', 'guitar', standard],
  ['EbAbDbGbBbEb', null, FLAT],
  ['ebabdbgbbbeb', null, FLAT],
  ['D#G#C#F#A#D#', 'guitar', FLAT],
  ['E♭, A♭, D♭, G♭, B♭, E♭', 'guitar', FLAT],
  ['C G C G C E', 'guitar', [36, 43, 48, 55, 60, 64]],
  ['DADDAD', 'guitar', [38, 45, 50, 50, 57, 62]],
  ['BEADG', null, NAMED_TUNINGS['bass-5-string']],
  ['GDGBD', 'guitar', [43, 50, 55, 59, 62]],
  ['CGDA', 'bass', [24, 31, 38, 45]],
  ['GDAE', 'guitar', [43, 50, 57, 64]],
  ['GCEA', null, NAMED_TUNINGS.ukulele],
  // A six-string bass an octave below a guitar.
  ['EADGBE', 'bass', [28, 33, 38, 43, 47, 52]],
  ['F#BEADGBE', 'guitar', NAMED_TUNINGS['8-string']],
];

for (const [typed, part, tuning] of READ) {
  test(`${typed} for ${part ?? 'anything'} is ${tuningName(tuning)}`, () => {
    assert.deepEqual(parseTuning(typed, part), { tuning });
  });
}

test('what is no tuning is told apart', () => {
  const wrong: readonly (readonly [string, string])[] = [
    ['', 'not-notes'],
    ['dropp d', 'not-notes'],
    ['EADGXE', 'not-notes'],
    ['E A D ? B E', 'not-notes'],
    ['b'.repeat(1000), 'not-notes'],
    ['EAD', 'string-count'],
    ['E2 A2 D3', 'string-count'],
    ['EADGBEADG', 'string-count'],
    ['E9 A9 D9 G9', 'out-of-register'],
    ['E0 A0 D1 G1', 'out-of-register'],
    ['C0 A2 D3 G3', 'out-of-register'],
  ];
  for (const [typed, problem] of wrong) assert.deepEqual(parseTuning(typed, null), { problem }, typed);
});

test('every name and every tuning in notes is read back', () => {
  for (const name of TUNING_NAMES) {
    const tuning = NAMED_TUNINGS[name];
    assert.deepEqual(parseTuning(name, null), { tuning });
    assert.equal(tuningName(tuning), name);
    assert.equal(isBassTuning(tuning), name.startsWith('bass-'), name);
  }
  assert.equal(tuningName([36, 43, 48, 55, 60, 64]), 'C2 G2 C3 G3 C4 E4');
});
