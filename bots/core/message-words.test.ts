import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageWords } from './message-words.ts';
import { readCommand } from './read-command.ts';

const SUNG = 'Don\'t "go" now: wait\n\nStay -- a while';
const LINK = 'https://example.org/a.mp3';

for (const [what, text, target, given] of [
  ['behind the verb', `/lyrics ${SUNG}`, null, SUNG],
  ['below the verb', `lyrics\n${SUNG}`, null, SUNG],
  ['behind a link', `jam lyrics ${LINK}\n${SUNG}`, LINK, SUNG],
  ['behind an earlier job', `/jam lyrics K7QF2M ${SUNG}`, 'K7QF2M', SUNG],
  ['by their names', `LYRICS song:${LINK} words:"${SUNG}"`, LINK, SUNG],
  ['with dashes', `lyrics --song ${LINK} --words ${SUNG}`, LINK, SUNG],
  ['that begin like a job’s code', 'lyrics K7QF2Most of us', null, 'K7QF2Most of us'],
  ['in one line', 'lyrics First line / second line', null, 'First line\nsecond line'],
  ['that are not there', `lyrics ${LINK} `, LINK, null],
  ['that cannot be seen', 'lyrics \u0000 \u0007', null, null],
] as const) {
  test(`reads words ${what}`, () => {
    const read = readCommand(messageWords(text), new Map());
    assert.deepEqual(read, { command: { kind: 'lyrics', target, given, out: null } });
  });
}

test('another command is split as ever', () => {
  assert.deepEqual(messageWords('split "a b" lyrics'), ['split', 'a b', 'lyrics']);
  assert.deepEqual(messageWords('lyricslike'), ['lyricslike']);
});

test('a title that comes behind a shared link is not taken for wishes, which are', () => {
  for (const [text, words] of [
    [`${LINK}\nArtist: A song of ours (live)`, [LINK]],
    [`${LINK} my best song`, [LINK]],
    [`${LINK} best wav`, [LINK, 'best', 'wav']],
    [`${LINK} strategy:band please`, [LINK, 'strategy:band', 'please']],
    [`${LINK} —quality best please`, [LINK, '—quality', 'best', 'please']],
    [`split ${LINK} please`, ['split', LINK, 'please']],
  ] as const) {
    assert.deepEqual(messageWords(text), words);
  }
});

test('more than a song has is not taken', () => {
  const read = readCommand(messageWords(`lyrics ${'la '.repeat(5000)}`), new Map());
  assert.deepEqual(read, { failure: { code: 'words-too-long', facts: { limit: 10_000 } } });
});
