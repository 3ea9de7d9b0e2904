import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { importer, Settings } from '@coderline/alphatab';
import { parseMidi } from 'midi-file';
import { PNG } from 'pngjs';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import { BlobMissingError } from '../../workflows/contract/blob-store.ts';
import type { WriteActivities } from '../../workflows/contract/media-activities.ts';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { WrittenFiles } from '../../workflows/contract/sheets.ts';
import type { TabDocument, TabSummary } from '../../workflows/contract/tab.ts';
import { NAMED_TUNINGS } from '../../workflows/contract/tunings.ts';
import { createMediaBench } from '../media/media.test-kit.ts';
import type { MediaBench } from '../media/media.test-kit.ts';
import { bytesOf } from '../small-blobs.ts';
import { heard, steadyRhythm } from './random-songs.test-kit.ts';
import { createWriteTab } from './write-tab.ts';

type Input = Parameters<WriteActivities['writeTab']>[0];

const ANALYSIS: SongAnalysis = {
  durationSeconds: 40,
  rhythm: steadyRhythm(120, 20),
  key: { tonic: 'A', mode: 'minor', otherMode: null, confidence: 0.9 },
  chords: [{ startSeconds: 0, endSeconds: 40, label: 'A:min', confidence: 0.9 }],
  sections: [],
  tuningCents: 0,
  loudnessLufs: -14,
  peakDbtp: -1,
  loudnessRangeLu: 4,
  genre: null,
  mood: null,
};
const GUITAR = { tuning: NAMED_TUNINGS.standard, capo: 0, frets: 24 };
const FULL = { part: 'guitar', level: 'full', instrument: GUITAR } as const;
/** Half notes for 30 s, then eighths for 10. */
const NOTES: readonly HeardNote[] = [
  ...Array.from({ length: 30 }, (_, index) => heard(index, 57 + (index % 5), 0.9)),
  ...Array.from({ length: 40 }, (_, index) => heard(30 + index / 4, 64 + (index % 7), 0.2)),
];

interface Bench extends Pick<MediaBench, 'blobs' | 'tools' | 'keys' | 'scratch'> {
  put(name: string, json: unknown): Promise<StoredBlob>;
  write(input: Partial<Input>, environment?: MockActivityEnvironment): Promise<WrittenFiles<TabSummary>>;
  read(blob: StoredBlob): Promise<Buffer>;
}

async function createBench(t: TestContext): Promise<Bench> {
  const { blobs, tools, folder, keys, scratch } = await createMediaBench(t);
  const writeTab = createWriteTab({ blobs, tools, scratchDir: join(folder, 'scratch') });
  const put = async (name: string, json: unknown): Promise<StoredBlob> =>
    await blobs.put(`given/${name}.json`, bytesOf(JSON.stringify(json)));
  const usual = { analysis: await put('analysis', ANALYSIS), heard: await put('heard', NOTES) };
  return {
    blobs,
    tools,
    keys,
    scratch,
    put,
    async write(input, environment = new MockActivityEnvironment()) {
      const given: Input = { jobId: 'job', title: 'A song', ...usual, plan: FULL, alone: false, ...input };
      return await environment.run(writeTab, given);
    },
    async read({ key }) {
      const pieces: Uint8Array[] = [];
      for await (const piece of blobs.read(key)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
  };
}

test('a tab comes as picture, sound and six documents, each of which opens', async (t) => {
  const bench = await createBench(t);
  const { summary, files } = await bench.write({});
  assert.deepEqual(
    files.map(({ name, fileName }) => [name, fileName]),
    ['png', 'mp3', 'mid', 'txt', 'musicxml', 'alphatex', 'gp', 'json'].map((ending) => ['tab', `tab.${ending}`]),
  );
  const [png, mp3, mid, txt, xml, tex, gp, json] = (await Promise.all(
    files.map(async ({ blob }) => await bench.read(blob)),
  )) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];

  const { width, height } = PNG.sync.read(png);
  assert.ok(width === 1400 && height > 600 && height <= 2700, `${width} x ${height}`);
  assert.ok(mp3.length > 200_000 && mp3.length < 300_000, `${mp3.length} bytes of 20 s at 96 kbit/s`);
  const struck = parseMidi(mid)
    .tracks.flat()
    .filter(({ type }) => type === 'noteOn').length;
  assert.equal(struck, NOTES.length);
  assert.match(txt.toString(), /^A song\n/u);
  assert.match(xml.toString(), /<score-partwise version="4.0">/u);
  assert.match(tex.toString(), /A song/u);
  const score = importer.ScoreLoader.loadScoreFromBytes(new Uint8Array(gp), new Settings());
  assert.equal(score.title, 'A song');

  const document = JSON.parse(json.toString()) as TabDocument;
  const notes = NOTES.map(({ startSeconds, endSeconds, pitchMidi, amplitude }) => ({
    startSeconds,
    endSeconds,
    pitchMidi,
    amplitude,
  }));
  assert.deepEqual(document.notes, notes);
  assert.equal(document.tab.length, NOTES.length);
  assert.deepEqual([document.title, document.instrument, document.level], ['A song', GUITAR, 'full']);
  assert.deepEqual(summary, {
    ...FULL,
    notes: NOTES.length,
    confidence: NOTES.map(({ amplitude }) => amplitude).toSorted((a, b) => a - b)[NOTES.length >> 1],
    bars: 20,
    tempoBpm: 120,
    playability: { largestStretchFrets: document.playability.largestStretchFrets, ...flat(document), dropped: 0 },
    alone: false,
  });
  assert.deepEqual(await bench.scratch(), []);
});

function flat({ playability: { shiftsPerBar, impossibleBars } }: TabDocument): {
  shiftsPerBar: number;
  impossibleBars: number;
} {
  return { shiftsPerBar, impossibleBars };
}

test('a second attempt finds everything; another hand, title or song does not', async (t) => {
  const bench = await createBench(t);
  const made = await bench.write({});
  const keys = await bench.keys('tabs/');
  assert.deepEqual(await bench.write({ jobId: 'another' }), made);
  assert.deepEqual(await bench.keys('tabs/'), keys);
  const others: readonly Partial<Input>[] = [
    { title: 'Another song' },
    { alone: true },
    { plan: { ...FULL, level: 'easy' } },
    { plan: { ...FULL, instrument: { ...GUITAR, capo: 2 } } },
    { heard: await bench.put('other', NOTES.slice(0, 3)) },
  ];
  const seen = new Set(made.files.map(({ blob }) => blob.key));
  for (const other of others) {
    const { files } = await bench.write(other);
    for (const { blob } of files) {
      assert.ok(!seen.has(blob.key), blob.key);
      seen.add(blob.key);
    }
  }
  const [picture] = made.files;
  assert.ok(picture !== undefined);
  await bench.blobs.delete(picture.blob.key);
  assert.deepEqual(await bench.write({}), made, 'a file that is gone is written again');
  assert.ok((await bench.blobs.head(picture.blob.key)) !== null);
});

test('a part that plays nothing comes as JSON alone', async (t) => {
  const bench = await createBench(t);
  const silent = await bench.write({ heard: await bench.put('silence', []) });
  assert.deepEqual(
    silent.files.map(({ fileName }) => fileName),
    ['tab.json'],
  );
  assert.deepEqual([silent.summary.notes, silent.summary.bars], [0, 0]);

  const tooLow = await bench.write({ heard: await bench.put('low', [heard(1, 30), heard(2, 31)]) });
  assert.equal(tooLow.files.length, 1);
  assert.deepEqual([tooLow.summary.notes, tooLow.summary.playability.dropped], [0, 2]);
  const [json] = tooLow.files;
  assert.ok(json !== undefined);
  const { notes, playability } = JSON.parse((await bench.read(json.blob)).toString()) as TabDocument;
  assert.equal(notes.length, 2);
  assert.deepEqual(
    playability.dropped.map(({ why }) => why),
    ['out of range', 'out of range'],
  );
});

test('notes of other parts are told, and are not counted as left out of this one', async (t) => {
  const bench = await createBench(t);
  const line = [heard(1, 40, 1), heard(2, 43, 1)];
  const notes = await bench.put('bass', [...line, heard(1, 64, 1), heard(2.1, 67, 0.5)]);
  const plan = {
    part: 'bass',
    level: 'full',
    instrument: { ...GUITAR, tuning: NAMED_TUNINGS['bass-standard'] },
  } as const;
  const { summary, files } = await bench.write({ heard: notes, plan });
  assert.deepEqual([summary.notes, summary.playability.dropped], [2, 0]);
  const json = files.at(-1);
  assert.ok(json !== undefined);
  const document = JSON.parse((await bench.read(json.blob)).toString()) as TabDocument;
  assert.equal(document.notes.length, 4);
  assert.deepEqual(
    document.playability.dropped.map(({ pitchMidi, why }) => `${pitchMidi} ${why}`),
    ['64 another part', '67 another part'],
  );
});

test('music without a beat, one note, strange titles and strange instruments are written too', async (t) => {
  const bench = await createBench(t);
  const beatless = await bench.put('beatless', { ...ANALYSIS, rhythm: null, key: null, chords: [] });
  const cases: readonly Partial<Input>[] = [
    { analysis: beatless },
    { analysis: beatless, heard: await bench.put('one', [heard(1700, 60, 90)]) },
    { title: '' },
    { title: '</title> "\\song" & 𝄞 ../ئ' },
    { plan: { ...FULL, instrument: { tuning: NAMED_TUNINGS.ukulele, capo: 0, frets: 12 } } },
    { plan: { part: 'melody', level: 'easy', instrument: { tuning: NAMED_TUNINGS['8-string'], capo: 11, frets: 12 } } },
    {
      plan: { part: 'bass', level: 'intermediate', instrument: { ...GUITAR, tuning: NAMED_TUNINGS['bass-6-string'] } },
    },
  ];
  for (const given of cases) {
    const { summary, files } = await bench.write(given);
    assert.equal(files.length, 8);
    assert.equal(summary.tempoBpm, given.analysis === beatless ? null : 120);
    assert.equal(summary.playability.impossibleBars, 0);
  }
});

test('what is not there, or is no JSON, is an error that leaves nothing', async (t) => {
  const bench = await createBench(t);
  const missing = { key: 'given/missing.json', bytes: 1, sha256: '00' };
  await assert.rejects(bench.write({ heard: missing }), BlobMissingError);
  const broken = await bench.blobs.put('given/broken.json', bytesOf('[{"startSeconds":'));
  await assert.rejects(bench.write({ heard: broken }), SyntaxError);
  assert.deepEqual(await bench.keys('tabs/'), []);
});

test('a cancelled tab ends, and leaves nothing', async (t) => {
  const bench = await createBench(t);
  const environment = new MockActivityEnvironment();
  environment.on('heartbeat', () => environment.cancel());
  await assert.rejects(bench.write({}, environment), CancelledFailure);
  assert.deepEqual(await bench.keys('tabs/'), []);
  assert.deepEqual(await bench.scratch(), []);
});

test('other activities go on while a long song is written', async (t) => {
  const bench = await createBench(t);
  const environment = new MockActivityEnvironment();
  let pages = 0;
  environment.on('heartbeat', () => pages++);
  let turns = 0;
  let turnsBeforeTheLastPage = 0;
  const turning = setInterval(() => {
    turns++;
    if (pages < 10) turnsBeforeTheLastPage = turns;
  }, 1);
  const long = Array.from({ length: 1500 }, (_, index) => heard(index * 0.16, 45 + ((index * 7) % 30), 0.15));
  const rhythm = steadyRhythm(100, 100);
  const analysis = await bench.put('long', { ...ANALYSIS, durationSeconds: 240, rhythm });
  const { files } = await bench.write({ analysis, heard: await bench.put('notes', long) }, environment);
  clearInterval(turning);
  assert.deepEqual(
    files.slice(0, 3).map(({ name, fileName }) => [name, fileName]),
    ['tab.png', 'tab-2.png', 'tab-3.png'].map((fileName) => ['tab', fileName]),
  );
  assert.equal(files.length, 10);
  assert.ok(turnsBeforeTheLastPage > 50, `${turnsBeforeTheLastPage} turns`);
});
