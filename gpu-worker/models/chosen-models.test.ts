import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WITHOUT_NETWORK } from '../../runtime/config-file.ts';
import { problemsOfChosen } from './chosen-models.ts';

test('built-in methods and models that hear what they are chosen for are no problem', () => {
  assert.deepEqual(
    problemsOfChosen({ lyrics: 'whisper-base', beats: null, chords: null, style: null }, WITHOUT_NETWORK),
    [],
  );
  const networks = {
    lyrics: 'whisper-tiny-en',
    beats: 'beat-this-small',
    chords: 'crema-chords',
    style: 'musicnn-msd',
  };
  assert.deepEqual(problemsOfChosen(networks, WITHOUT_NETWORK), []);
});

test('every model that hears something else is named, with those that may be chosen', () => {
  const chosen = { lyrics: 'beat-this', beats: 'crema-chords', chords: 'loud', style: 'beat-this' };
  const problems = problemsOfChosen(chosen, WITHOUT_NETWORK);
  assert.equal(problems.length, 4);
  assert.match(problems[0]!, /^models\.lyrics is "beat-this"; it must be one of whisper-tiny-en, /u);
  assert.match(
    problems[1]!,
    /^models\.beats is "crema-chords"; it must be one of built-in, beat-this-small, beat-this$/u,
  );
  assert.equal(problems[2], 'models.chords is "loud"; it must be one of built-in, crema-chords');
  assert.equal(problems[3], 'models.style is "beat-this"; it must be one of none, musicnn-msd');
});
