import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import { writeLrc } from './write-lrc.ts';
import { writeSrt } from './write-srt.ts';
import { writeText } from './write-text.ts';

const word = (text: string, startSeconds: number, endSeconds: number) => ({
  text,
  startSeconds,
  endSeconds,
  confidence: 1,
});
const SONG: SongLyrics = {
  language: 'en',
  source: 'heard',
  lines: [
    { words: [word('Hello,', 0.504, 0.9), word('world', 1, 1.2)] },
    { words: [] },
    { words: [word('<b>[x]\n', 59.996, 60.1)] },
    { words: [word('end', 3725.0056, 3725.1)] },
  ],
};
const EMPTY: SongLyrics = { language: 'en', source: 'heard', lines: [] };
const close = (gapSeconds: number): SongLyrics => ({
  ...SONG,
  lines: [{ words: [word('a', 1, 1.1)] }, { words: [word('b', 1.1 + gapSeconds, 9)] }],
});

test('an LRC file has a time for each line, hundredths carried into minutes, and no brackets in its words', () => {
  assert.equal(
    writeLrc(SONG, { title: 'A [song]', durationSeconds: 3726.4 }),
    '[ti:A song]\n[la:en]\n[length:62:06]\n[00:00.50]Hello, world\n[01:00.00]b x\n[62:05.01]end\n',
  );
});

test('a language that nobody can tell is not told', () => {
  const lrc = writeLrc({ ...SONG, language: null }, { title: 'A song', durationSeconds: 3726.4 });
  assert.ok(lrc.startsWith('[ti:A song]\n[length:62:06]\n[00:00.50]'), lrc);
});

test('an SRT file numbers its lines, holds a short one for half a second and gives way to the next', () => {
  assert.equal(
    writeSrt(SONG),
    '1\n00:00:00,504 --> 00:00:01,200\nHello, world\n\n' +
      '2\n00:00:59,996 --> 00:01:00,496\n<b>[x]\n\n' +
      '3\n01:02:05,006 --> 01:02:05,506\nend\n',
  );
  assert.match(writeSrt(close(0.1)), /00:00:01,000 --> 00:00:01,200\na/u);
});

test('plain text is a line a line, with an empty one where the singer waits for a verse', () => {
  assert.equal(writeText(SONG), 'Hello, world\n\n<b>[x]\n\nend\n');
  assert.equal(writeText(close(3.5)), 'a\nb\n');
});

test('a song without words is a file without lines', () => {
  assert.equal(writeSrt(EMPTY), '');
  assert.equal(writeText(EMPTY), '');
  assert.equal(writeLrc(EMPTY, { title: 'x', durationSeconds: 5 }), '[ti:x]\n[la:en]\n[length:00:05]\n');
});
