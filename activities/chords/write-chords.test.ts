import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { PNG } from 'pngjs';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ChartOptions, ChartSummary, ChordsDocument } from '../../workflows/contract/chart.ts';
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import type { WrittenFiles } from '../../workflows/contract/sheets.ts';
import { createTestBlobs } from '../media/blobs.test-kit.ts';
import { bytesOf } from '../small-blobs.ts';
import { knownSong, repeated } from './songs.test-kit.ts';
import { createWriteChords } from './write-chords.ts';

const SONG = knownSong({ key: { tonic: 'G', mode: 'major' }, bars: repeated(['G:maj', 'D:7', 'E:min', 'C:maj'], 2) });
const OPTIONS: ChartOptions = { capo: null, transpose: 0, detail: 'detailed' };
const LYRICS: SongLyrics = {
  language: 'en',
  source: 'given',
  lines: [{ words: [{ startSeconds: 0, endSeconds: 0.5, text: 'hey', confidence: 1 }] }],
};

interface Desk {
  readonly blobs: BlobStore;
  readonly folder: string;
  write(
    input?: Partial<{ title: string; song: SongAnalysis; lyrics: SongLyrics; options: ChartOptions }>,
  ): Promise<WrittenFiles<ChartSummary>>;
}

async function desk(t: TestContext): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-chords-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const blobs = createTestBlobs(folder);
  return {
    blobs,
    folder,
    async write({ title = 'A song', song = SONG, lyrics, options = OPTIONS } = {}) {
      const analysis = await blobs.put('analyses/song/analysis.json', bytesOf(JSON.stringify(song)));
      const words =
        lyrics === undefined ? null : await blobs.put('heard/song/lyrics.json', bytesOf(JSON.stringify(lyrics)));
      const input = { jobId: 'job', title, analysis, lyrics: words, options };
      return await new MockActivityEnvironment().run(createWriteChords({ blobs }), input);
    },
  };
}

async function bytes(blobs: BlobStore, key: string): Promise<Buffer> {
  return await blobs.withFile(key, async (path) => await readFile(path));
}

test('a chart comes as picture, text, ChordPro and JSON, the picture first', async (t) => {
  const { blobs, write } = await desk(t);
  const { summary, files } = await write({ lyrics: LYRICS });
  assert.deepEqual(
    files.map(({ name, fileName }) => [name, fileName]),
    ['chords.png', 'chords.txt', 'chords.cho', 'chords.json'].map((fileName) => ['chords', fileName]),
  );
  const [png, text, cho, json] = await Promise.all(files.map(({ blob }) => bytes(blobs, blob.key)));
  assert.ok(png && text && cho && json);
  assert.equal(PNG.sync.read(png).width, 1200);
  assert.match(text.toString(), /^A song\nKey: G major\n/u);
  assert.match(cho.toString(), /^\[G\]hey/mu);
  const document = JSON.parse(json.toString()) as ChordsDocument;
  assert.equal(document.title, 'A song');
  assert.deepEqual(
    document.chords.slice(0, 4).map(({ label, name, numeral }) => [label, name, numeral]),
    [
      ['G:maj', 'G', 'I'],
      ['D:7', 'D7', 'V7'],
      ['E:min', 'Em', 'vi'],
      ['C:maj', 'C', 'IV'],
    ],
  );
  const { opening, ...said } = summary;
  const { title: _title, tempoBpm, chords: _chords, ...same } = document;
  assert.deepEqual(said, same);
  assert.equal(tempoBpm, 120);
  assert.match(opening, /^\[Song\] {2}G major: I V7 vi IV\n\| G/u);
});

test('where no chord sounds JSON is all there is', async (t) => {
  const { write } = await desk(t);
  for (const song of [
    knownSong({ key: null, bars: repeated(['N'], 4) }),
    { ...knownSong({ key: null, tempoBpm: null, bars: [] }), sections: [] },
  ]) {
    const { summary, files } = await write({ song });
    assert.deepEqual(
      files.map(({ fileName }) => fileName),
      ['chords.json'],
    );
    assert.deepEqual([summary.key, summary.opening], [null, '']);
  }
});

test('what is written already is found; anything that decides it makes another', async (t) => {
  const { blobs, folder, write } = await desk(t);
  const first = await write();
  const [picture] = first.files;
  assert.ok(picture);
  const path = join(folder, encodeURIComponent(picture.blob.key));
  const long = new Date('2001-01-01T00:00:00Z');
  await utimes(path, long, long);
  assert.deepEqual(await write(), first);
  assert.equal((await stat(path)).mtimeMs, long.getTime());
  const others = await Promise.all([
    write({ title: 'Another' }),
    write({ options: { ...OPTIONS, capo: 0 } }),
    write({ options: { ...OPTIONS, transpose: -2 } }),
    write({ options: { ...OPTIONS, detail: 'simple' } }),
    write({ lyrics: LYRICS }),
  ]);
  const keys = [first, ...others].map(({ files }) => files[0]?.blob.key);
  assert.equal(new Set(keys).size, 6);
  // A file that is gone is written again.
  await blobs.delete(picture.blob.key);
  assert.deepEqual(await write(), first);
  assert.ok((await readdir(folder)).includes(encodeURIComponent(picture.blob.key)));
});
