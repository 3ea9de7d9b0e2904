import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

test('an SRT file numbers its lines, holds a short one for half a second, from a little earlier where the next begins before that', () => {
  assert.equal(
    writeSrt(SONG),
    '1\n00:00:00,504 --> 00:00:01,200\nHello, world\n\n' +
      '2\n00:00:59,996 --> 00:01:00,496\n<b>[x]\n\n' +
      '3\n01:02:05,006 --> 01:02:05,506\nend\n',
  );
  assert.match(writeSrt(close(0.1)), /00:00:00,700 --> 00:00:01,200\na/u);
});

/** In seconds, as a reader of the file would have them. */
function cues(...lines: readonly (readonly [start: number, end: number])[]): (readonly [number, number])[] {
  const srt = writeSrt({ ...SONG, lines: lines.map(([start, end]) => ({ words: [word('la', start, end)] })) });
  const seconds = (clock: string): number =>
    clock
      .split(/[:,]/u)
      .reduce((sum, part, index) => (index < 3 ? sum * 60 + Number(part) : sum + Number(part) / 1000), 0);
  return [...srt.matchAll(/^(\S+) --> (\S+)$/gmu)].map(([, from = '', to = '']) => [seconds(from), seconds(to)]);
}

test('lines that begin together are shown one after the other', () => {
  assert.deepEqual(cues([1, 1.2], [1, 1.5]), [
    [0.5, 1],
    [1, 1.5],
  ]);
  // Nothing is free before the second one.
  assert.deepEqual(cues([0, 3], [3, 3.1], [3, 4], [4, 5]), [
    [0, 3],
    [3, 3.1],
    [3.1, 4],
    [4, 5],
  ]);
});

test('every subtitle has a length and ends before the next begins, whatever times the lines had', () => {
  const time = fc.integer({ min: 0, max: 400 }).map((hundredths) => hundredths / 100);
  const songs = fc.array(fc.tuple(time, time).map(([start, length]) => [start, start + length / 4] as const));
  fc.assert(
    fc.property(songs, (lines) => {
      const inOrder = lines.toSorted(([one], [other]) => one - other);
      const shown = cues(...inOrder);
      assert.equal(shown.length, lines.length);
      for (const [index, [start, end]] of shown.entries()) {
        assert.ok(end > start, `${start} to ${end}`);
        assert.ok(end <= (shown[index + 1]?.[0] ?? Infinity));
      }
    }),
    { seed: 1 },
  );
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
