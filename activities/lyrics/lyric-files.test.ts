import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import { writeLrc } from './write-lrc.ts';
import { writeSrt } from './write-srt.ts';

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
    { words: [word('<b>[x]', 59.996, 60.1)] },
    { words: [word('end', 3725.0056, 3725.1)] },
  ],
};

void test('an LRC file has a time for each line, hundredths carried into minutes, and no brackets in its words', () => {
  assert.equal(
    writeLrc(SONG, { title: 'A [song]', wordTimes: false }),
    '[ti:A song]\n[la:en]\n[00:00.50]Hello, world\n[01:00.00]b x\n[62:05.01]end\n',
  );
});

void test('an enhanced LRC file has a time for each word and the end of each line', () => {
  assert.equal(
    writeLrc({ ...SONG, lines: SONG.lines.slice(0, 1) }, { wordTimes: true }),
    '[la:en]\n[00:00.50]<00:00.50>Hello, <00:01.00>world <00:01.20>\n',
  );
});

void test('an SRT file numbers its lines, holds a short one for half a second and gives way to the next', () => {
  assert.equal(
    writeSrt(SONG),
    '1\n00:00:00,504 --> 00:00:01,200\nHello, world\n\n' +
      '2\n00:00:59,996 --> 00:01:00,496\n<b>[x]\n\n' +
      '3\n01:02:05,006 --> 01:02:05,506\nend\n',
  );
  const close = { ...SONG, lines: [{ words: [word('a', 1, 1.1)] }, { words: [word('b', 1.2, 1.3)] }] };
  assert.match(writeSrt(close), /00:00:01,000 --> 00:00:01,200\na/);
});

void test('a song without words is a file without lines', () => {
  const empty: SongLyrics = { language: 'en', source: 'heard', lines: [] };
  assert.equal(writeSrt(empty), '');
  assert.equal(writeLrc(empty, { wordTimes: true }), '[la:en]\n');
});
