import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { openFolderStore } from '../../db/blobs/folder.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { createLibrary } from '../../db/library.repository.ts';
import type { Database } from '../../db/orm.ts';
import { openDatabase } from '../../db/orm.ts';
import { createRetention } from '../../db/retention.repository.ts';
import { createSheets } from '../../db/sheets.repository.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import type { TestDatabase } from '../../db/test-database.ts';
import { testBlob, testJob, testRecording } from '../../db/test-rows.ts';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { DecodedRecording, StoredBlob } from '../../workflows/contract/recording.ts';
import type { AnalysisDocument, AnalysisPlan, MadeAnalysis } from '../../workflows/contract/sheets.ts';
import { createSheetActivities } from './sheet-activities.ts';

const PLAN = { kind: 'analysis', version: 1 } as const;
const ANALYSIS: SongAnalysis = {
  durationSeconds: 10,
  rhythm: {
    tempoBpm: 120,
    confidence: 0.9,
    tempoCurve: [{ atSeconds: 0, tempoBpm: 120 }],
    beatsSeconds: [0.5, 1, 1.5, 2],
    downbeatsSeconds: [0.5],
    timeSignature: { beatsPerBar: 4, beatUnit: 4, confidence: 0.8 },
    swing: 0.5,
  },
  key: { tonic: 'A', mode: 'minor', otherMode: 'dorian', confidence: 0.7 },
  chords: [{ startSeconds: 0, endSeconds: 10, label: 'A:min7', confidence: 0.7 }],
  sections: [{ startSeconds: 0, endSeconds: 10, letter: 'A', name: null }],
  tuningCents: -4,
  loudnessLufs: -14.2,
  peakDbtp: -0.5,
  loudnessRangeLu: 6,
  genre: null,
  mood: { label: 'calm', confidence: 0.5 },
};

let testDatabase: TestDatabase;
let database: Database;
let folder: string;
let blobs: BlobStore;
let activities: ReturnType<typeof createSheetActivities>;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  folder = await mkdtemp(join(tmpdir(), 'sheets-'));
  blobs = await openFolderStore(folder);
  activities = createSheetActivities({ jobs: createJobs(database), sheets: createSheets(database), blobs });
});
after(async () => {
  await database.close();
  await testDatabase.close();
  await rm(folder, { recursive: true });
});

async function put(key: string, content = key): Promise<StoredBlob> {
  return await blobs.put(key, Readable.from([Buffer.from(content)]));
}

/** A song whose sound is in the store, and a job about it. */
async function decoded(name: string): Promise<{ readonly jobId: string; readonly recording: DecodedRecording }> {
  const { jobId } = await testJob(database);
  const recording = testRecording(testBlob(name).sha256, name);
  for (const { key } of [recording.canonical, recording.working]) await put(key);
  const source = { ...testBlob(`source ${name}`), title: name };
  await createLibrary(database).saveRecording({ jobId, source, recording });
  return { jobId, recording };
}

async function analysed(name: string): Promise<MadeAnalysis> {
  const { rhythm, chords, sections, ...others } = ANALYSIS;
  return {
    summary: { ...others, rhythm: null, chords: chords.map(({ label }) => label), sections },
    blobs: {
      analysis: await put(`analyses/${name}/analysis.json`, JSON.stringify({ ...ANALYSIS, rhythm })),
      picture: await put(`analyses/${name}/picture.png`),
    },
  };
}

async function readJson(key: string): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  for await (const piece of blobs.read(key)) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString());
}

test('an analysis is handed over as a picture and a document, and found again the next time', async () => {
  const { jobId, recording } = await decoded('whole');
  const opened = await activities.openAnalysis({ jobId, plan: PLAN, changes: { beatsPerBar: 4 } });
  assert.deepEqual(opened, { facts: { beatsPerBar: 4 }, earlier: null });
  const made = await analysed('whole');
  const { facts } = opened;
  const result = await activities.saveAnalysis({ jobId, plan: PLAN, recording, facts, made });
  assert.deepEqual(
    result.files.map(({ fileName }) => fileName),
    ['analysis.png', 'analysis.json'],
  );
  const document = (await readJson(result.files[1]?.blob.key ?? '')) as AnalysisDocument;
  assert.equal(document.tempoBpm, 120);
  assert.deepEqual(document.timeSignature, { beatsPerBar: 4, beatUnit: 4, confidence: 0.8 });
  assert.deepEqual([document.beatsSeconds, document.downbeatsSeconds], [[0.5, 1, 1.5, 2], [0.5]]);
  assert.deepEqual([document.key, document.chords], [ANALYSIS.key, ANALYSIS.chords]);
  assert.deepEqual([document.loudnessLufs, document.title], [-14.2, recording.title]);
  assert.deepEqual(document.facts, { beatsPerBar: 4 });
  assert.deepEqual((await activities.openAnalysis({ jobId, plan: PLAN, changes: {} })).earlier, made);
});

test('a song without a beat has a document too', async () => {
  const { jobId, recording } = await decoded('still');
  const made = await analysed('still');
  await put(made.blobs.analysis.key, JSON.stringify({ ...ANALYSIS, rhythm: null, key: null, chords: [] }));
  const result = await activities.saveAnalysis({ jobId, plan: PLAN, recording, facts: {}, made });
  const document = (await readJson(result.files[1]?.blob.key ?? '')) as AnalysisDocument;
  assert.deepEqual([document.tempoBpm, document.timeSignature, document.beatsSeconds], [null, null, []]);
});

test('an analysis is found again for the networks that it was made with, and no others', async () => {
  const { jobId, recording } = await decoded('networks');
  const made = await analysed('networks');
  const plan = { ...PLAN, networks: { beats: 'some-beats', chords: null, style: null } };
  const find = async (wanted: AnalysisPlan): Promise<MadeAnalysis | null> =>
    (await activities.openAnalysis({ jobId, plan: wanted, changes: {} })).earlier;
  await activities.saveAnalysis({ jobId, plan, recording, facts: {}, made });
  assert.deepEqual(await find(plan), made);
  assert.equal(await find(PLAN), null);
  assert.equal(await find({ ...plan, networks: { beats: null, chords: 'some-chords', style: null } }), null);
});

test('what was heard in a song is kept as long as its analysis is', async () => {
  const { jobId, recording } = await decoded('kept');
  const { summary, blobs: files } = await analysed('kept');
  const heard = {
    evidence: await put('analyses/kept/evidence.bin'),
    rhythm: await put('analyses/kept/rhythm.bin'),
    beats: await put('heard/kept/beats.bin'),
    chords: await put('heard/kept/chords.bin'),
  };
  const made = { summary, blobs: { ...files, ...heard } };
  const retention = createRetention(database);
  const keys = Object.values(heard).map(({ key }) => key);
  await activities.saveAnalysis({ jobId, plan: PLAN, recording, facts: {}, made });
  assert.equal(await retention.doomUnheld([...keys, files.picture.key]), 0);
  assert.equal(await retention.doomUnheld(['analyses/nobody/evidence.bin']), 1);
  await database.use(async (em) => {
    await em.execute(
      "update artefact set expires_at = now() - interval '1 day' where blob_key = any(string_to_array(?, ','))",
      [keys.join()],
    );
  });
  assert.equal((await activities.openAnalysis({ jobId, plan: PLAN, changes: {} })).earlier, null);
  await retention.takeExpired(100);
  assert.equal(await retention.doomUnheld(keys), 0, 'they are doomed already');
});

test('what was cleared from the store by hand is made anew', async () => {
  const { jobId, recording } = await decoded('cleared');
  const song = { sha256: recording.sha256 };
  assert.deepEqual(await activities.findSong({ jobId, song }), recording);
  const made = await analysed('cleared');
  await activities.saveAnalysis({ jobId, plan: PLAN, recording, facts: {}, made });
  await blobs.delete(made.blobs.picture.key);
  assert.equal((await activities.openAnalysis({ jobId, plan: PLAN, changes: {} })).earlier, null);
  await blobs.delete(recording.canonical.key);
  assert.equal(await activities.findSong({ jobId, song }), null);
});
