import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameNote } from './find-frame-notes.ts';
import { oneVoice } from './one-voice.ts';

function note(startFrame: number, endFrame: number, pitch: number, amplitude = 0.5): FrameNote {
  return { startFrame, endFrame, pitch, amplitude };
}

test('of notes that sound together the surest for the longest stays', () => {
  const [long, sure, weak] = [note(20, 60, 40, 0.4), note(20, 40, 44, 0.7), note(30, 70, 47, 0.39)];
  assert.deepEqual(oneVoice([weak, sure, long]), [long]);
  const surer = note(20, 40, 44, 0.9);
  assert.deepEqual(oneVoice([weak, surer, long]), [surer]);
});

test('notes after one another stay, slurred ones too', () => {
  const line = [note(0, 20, 40), note(20, 40, 42), note(36, 60, 44, 0.6)];
  assert.deepEqual(
    oneVoice(line).toSorted((a, b) => a.startFrame - b.startFrame),
    line,
  );
  assert.equal(oneVoice([note(20, 40, 42), note(35, 60, 44)]).length, 1);
  assert.deepEqual(oneVoice([]), []);
});

test('a note that has gone hides no other', () => {
  const [first, between, last] = [note(0, 40, 40, 0.8), note(30, 60, 43, 0.4), note(45, 55, 45, 0.6)];
  const sung = oneVoice([first, between, last]);
  assert.deepEqual(new Set(sung), new Set([first, last]));
});
