import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { LyricsDocument, LyricsSummary, SongLyrics } from '../../workflows/contract/lyrics.ts';
import type { WrittenFiles } from '../../workflows/contract/sheets.ts';
import { createTestBlobs } from '../media/blobs.test-kit.ts';
import { bytesOf } from '../small-blobs.ts';
import { createWriteLyrics } from './write-lyrics.ts';

const LINES = 8;
const SUNG: SongLyrics = {
  language: 'en',
  source: 'given',
  lines: Array.from({ length: LINES }, (_, line) => ({
    words: [0, 1].map((word) => ({
      startSeconds: 2 * line + word,
      endSeconds: 2 * line + word + 0.5,
      text: `${['do', 're'][word] ?? ''}${String(line)}`,
      confidence: word === 0 ? 0.5 : 1,
    })),
  })),
};

interface Desk {
  readonly blobs: BlobStore;
  readonly folder: string;
  write(lyrics: SongLyrics): Promise<WrittenFiles<LyricsSummary>>;
}

async function desk(t: TestContext): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-lyrics-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const blobs = createTestBlobs(folder);
  return {
    blobs,
    folder,
    async write(lyrics) {
      const heard = await blobs.put('heard/song/lyrics.json', bytesOf(JSON.stringify(lyrics)));
      const input = { jobId: 'job', title: 'A song', durationSeconds: 20, heard };
      return await new MockActivityEnvironment().run(createWriteLyrics({ blobs }), input);
    },
  };
}

async function text(blobs: BlobStore, key: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of blobs.read(key)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

test('words are written as text, LRC, SRT and JSON, and the card is told how they begin and how sure they are', async (t) => {
  const { blobs, write } = await desk(t);
  const { summary, files } = await write(SUNG);
  assert.deepEqual(
    files.map(({ fileName }) => fileName),
    ['lyrics.txt', 'lyrics.lrc', 'lyrics.srt', 'lyrics.json'],
  );
  const { opening, ...said } = summary;
  assert.deepEqual(said, { language: 'en', source: 'given', words: 2 * LINES, confidence: 0.75 });
  assert.deepEqual(opening.at(-1), { startSeconds: 10, text: 'do5 re5' });
  const [plain = '', lrc = '', srt = '', json = ''] = await Promise.all(files.map(({ blob }) => text(blobs, blob.key)));
  assert.ok(plain.startsWith('do0 re0\ndo1 re1\n'), plain);
  assert.ok(lrc.includes('[00:02.00]do1 re1\n'), lrc);
  assert.ok(srt.includes('2\n00:00:02,000 --> 00:00:03,500\ndo1 re1\n'), srt);
  const document = JSON.parse(json) as LyricsDocument;
  assert.equal(document.title, 'A song');
  assert.deepEqual(document.lines, SUNG.lines);
  assert.deepEqual(
    document.words,
    SUNG.lines.flatMap((line) => line.words),
  );
});

test('a song that nobody sings is told as JSON alone', async (t) => {
  const { blobs, write } = await desk(t);
  const { summary, files } = await write({ language: 'en', source: 'heard', lines: [] });
  assert.deepEqual(summary, { language: 'en', source: 'heard', words: 0, confidence: null, opening: [] });
  assert.deepEqual(
    files.map(({ fileName }) => fileName),
    ['lyrics.json'],
  );
  assert.deepEqual((JSON.parse(await text(blobs, files[0]!.blob.key)) as LyricsDocument).words, []);
});

test('what is written is not written again, unless a file of it is gone', async (t) => {
  const { blobs, folder, write } = await desk(t);
  const first = await write(SUNG);
  const written = await readdir(folder);
  const lrc = first.files[1]!.blob.key;
  await blobs.put(lrc, bytesOf('x'.repeat(first.files[1]!.blob.bytes)));
  assert.deepEqual(await write(SUNG), first);
  assert.match(await text(blobs, lrc), /^x+$/u);
  await blobs.delete(lrc);
  assert.deepEqual(await write(SUNG), first);
  assert.match(await text(blobs, lrc), /^\[ti:A song\]/u);
  assert.deepEqual(await readdir(folder), written);
});
