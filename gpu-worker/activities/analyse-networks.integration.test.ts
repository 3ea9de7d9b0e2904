/** Analyses with networks of the published ones' form, fetched from a server of the test's own. */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { TestContext } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import type { SongAnalysis, SongFacts } from '../../workflows/contract/analysis.ts';
import type { DecodedRecording } from '../../workflows/contract/recording.ts';
import type { AnalysisNetworks, MadeAnalysis } from '../../workflows/contract/sheets.ts';
import type { BeatActivations } from '../analysis/heard-by-network.ts';
import { unpackValues } from '../analysis/packed-values.ts';
import { BEAT_RATE_HZ } from '../beats/beat-grid.ts';
import { rhythmOf } from '../beats/rhythm-of.ts';
import { madeUpSong, tinyBeatGraph } from '../beats/tiny-beat-network.test-kit.ts';
import { tinyChordGraph } from '../chords/tiny-chord-network.test-kit.ts';
import { createEngine } from '../engine/engine.ts';
import { BEAT_MODELS, BEAT_THIS_SMALL } from '../models/manifest/beat-models.ts';
import { CHORD_MODELS, CREMA_CHORDS } from '../models/manifest/chord-models.ts';
import type { ModelEntry } from '../models/manifest/model-manifest.ts';
import { MUSICNN_MSD, STYLE_MODELS } from '../models/manifest/style-models.ts';
import { createModelStore } from '../models/model-store.ts';
import type { ModelStore } from '../models/model-store.ts';
import { serve, sha256, startModelServer, temporaryFolder } from '../models/model-server.test-kit.ts';
import { oneTagGraph } from '../style/tiny-style-network.test-kit.ts';
import { createAnalyseRecording } from './analyse-recording.ts';
import { createFinishBench, localMediaTools } from './finish-bench.test-kit.ts';
import type { FinishBench } from './finish-bench.test-kit.ts';
import { bytesOf } from './finished-record.ts';

const log = pino({ level: 'silent' });
const skip = localMediaTools() === null ? 'no ffmpeg on the PATH' : false;
const BOTH: AnalysisNetworks = { beats: BEAT_THIS_SMALL, chords: CREMA_CHORDS, style: null };
/** The song's fifths leave open which third belongs to them: the notes alone say a minor one. */
const HEARD = 'F#:maj';
const SONG = { seconds: 24, bpm: 120 };

let bench: FinishBench;
const engine = createEngine({ threads: 2 });
before(async () => {
  bench = await createFinishBench();
});
after(async () => {
  await Promise.all([bench.close(), engine.close()]);
});
beforeEach(() => {
  bench.written.length = 0;
});

/** The entry as it is, but for its file. */
function servedAs(entry: ModelEntry | undefined, graph: Uint8Array, url: string): ModelEntry {
  assert.ok(entry !== undefined);
  const name = 'network.onnx';
  return {
    ...entry,
    files: [{ name, bytes: graph.length, sha256: sha256(graph) }],
    sources: [{ kind: 'urls', files: { [name]: url } }],
    compile: null,
  };
}

interface OpenStore {
  readonly models: ModelStore;
  readonly requests: string[];
  /** Another machine's, which has fetched nothing and finds no source. */
  readonly offline: () => Promise<ModelStore>;
}

async function openStore(t: TestContext): Promise<OpenStore> {
  const [beats, chords] = [tinyBeatGraph(), tinyChordGraph(HEARD)];
  const server = await startModelServer(t, { '/beats': serve(beats), '/chords': serve(chords) });
  const entries = [
    servedAs(
      BEAT_MODELS.find(({ id }) => id === BEAT_THIS_SMALL),
      beats,
      server.url('/beats'),
    ),
    servedAs(
      CHORD_MODELS.find(({ id }) => id === CREMA_CHORDS),
      chords,
      server.url('/chords'),
    ),
  ];
  const models = new Map(entries.map((entry) => [entry.id, entry]));
  const unreachable = new Map(entries.map((entry) => [entry.id, { ...entry, sources: [] }]));
  const storeOf = async (known: ReadonlyMap<string, ModelEntry>): Promise<ModelStore> =>
    createModelStore({ cacheDir: await temporaryFolder(t), log, allowNonCommercial: false, models: known });
  return {
    models: await storeOf(models),
    requests: server.requests,
    offline: async () => await storeOf(unreachable),
  };
}

/** F# and C#, twice. */
function fifth(seconds: number): number {
  return [92.5, 138.6, 185, 277.2].reduce((sum, hz) => sum + 0.1 * Math.sin(2 * Math.PI * hz * seconds), 0);
}

let recordings = 0;
/** Each has samples of its own, as what is heard is kept for the samples. */
async function recording(name: string): Promise<DecodedRecording> {
  const level = 1 - recordings / 100;
  recordings += 1;
  const samples = madeUpSong(SONG.seconds * BEAT_RATE_HZ).map(
    (sample, n) => level * (0.1 * sample + fifth(n / BEAT_RATE_HZ)),
  );
  const canonical = await bench.putWav(`${name}.wav`, BEAT_RATE_HZ, [samples]);
  bench.written.length = 0;
  return { sha256: canonical.sha256, title: name, durationSeconds: SONG.seconds, canonical, working: canonical };
}

async function analyse(
  models: ModelStore,
  song: DecodedRecording,
  networks?: AnalysisNetworks,
  facts: SongFacts = {},
  writeLog = log,
): Promise<MadeAnalysis> {
  const activity = createAnalyseRecording({
    ...bench,
    engine,
    models,
    log: writeLog,
    scratchDir: bench.folder,
    reportProgress: () => Promise.resolve(),
  });
  const input = { jobId: 'job', recording: song, facts, ...(networks === undefined ? {} : { networks }) };
  return await new MockActivityEnvironment().run(activity, input);
}

async function read(key: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bench.blobs.read(key)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function analysisOf({ blobs }: MadeAnalysis): Promise<SongAnalysis> {
  return JSON.parse((await read(blobs.analysis.key)).toString()) as SongAnalysis;
}

function written(): string[] {
  return bench.written.map((key) => basename(key));
}

function byName(one: string, other: string): number {
  return one < other ? -1 : 1;
}

test('what networks hear is followed, kept, and not heard again for a correction', { skip }, async (t) => {
  const { models } = await openStore(t);
  const song = await recording('followed');
  const made = await analyse(models, song, BOTH);
  // Networks and the sound are heard side by side: whichever is done first is kept first.
  assert.deepEqual(written().slice(0, 3).toSorted(byName), ['beats.bin', 'chords.bin', 'evidence.bin']);
  assert.deepEqual(written().slice(3), ['rhythm.bin', 'analysis.json', 'picture.png', 'made.json']);
  const { rhythm, chords } = await analysisOf(made);
  assert.ok(Math.abs(rhythm!.tempoBpm / SONG.bpm - 1) < 0.01, String(rhythm!.tempoBpm));
  const beats = unpackValues(await read(made.blobs.beats!.key)) as BeatActivations;
  assert.deepEqual(rhythm!.beatsSeconds, rhythmOf(beats)?.beatsSeconds);
  rhythm!.beatsSeconds.slice(0, -1).forEach((at, n) => {
    assert.ok(Math.abs(at - n / 2) < 0.04, `beat ${String(n)} at ${String(at)}`);
  });
  rhythm!.downbeatsSeconds.forEach((at, n) => {
    assert.ok(Math.abs(at - 2 * n) < 0.04, `bar ${String(n)} at ${String(at)}`);
  });
  assert.deepEqual(
    chords.map(({ label }) => label),
    [HEARD],
  );

  bench.written.length = 0;
  assert.deepEqual(await analyse(models, song, BOTH), made);
  assert.deepEqual(written(), []);
  await bench.blobs.delete(song.canonical.key);
  const renamed = await analyse(models, song, BOTH, { key: { tonic: 'Gb', mode: 'major' } });
  assert.deepEqual(written(), ['analysis.json', 'picture.png', 'made.json']);
  assert.deepEqual((await analysisOf(renamed)).rhythm, rhythm);
  const recounted = await analysisOf(await analyse(models, song, BOTH, { beatsPerBar: 3 }));
  assert.equal(recounted.rhythm?.timeSignature.beatsPerBar, 3);
  assert.deepEqual(
    recounted.chords.map(({ label }) => label),
    [HEARD],
  );
});

test('what was heard before is found where no model can be had', { skip }, async (t) => {
  const { models, offline } = await openStore(t);
  const song = await recording('found');
  await assert.rejects(analyse(await offline(), song, BOTH), { type: 'model-missing' });
  const made = await analyse(models, song, BOTH);
  bench.written.length = 0;
  assert.deepEqual(await analyse(await offline(), song, BOTH), made);
  assert.deepEqual(written(), []);
  const corrected = await analyse(await offline(), song, BOTH, { beatsPerBar: 3 });
  assert.equal((await analysisOf(corrected)).rhythm?.timeSignature.beatsPerBar, 3);
});

test('each choice of networks is an analysis of its own', { skip }, async (t) => {
  const { models, requests } = await openStore(t);
  const song = await recording('chosen');
  const none = await analyse(models, song);
  assert.deepEqual([requests.length, none.blobs.beats, none.blobs.chords], [0, undefined, undefined]);
  const onlyChords = await analyse(models, song, { ...BOTH, beats: null });
  assert.deepEqual(onlyChords.blobs.rhythm, none.blobs.rhythm);
  const onlyBeats = await analyse(models, song, { ...BOTH, chords: null });
  const both = await analyse(models, song, BOTH);
  assert.deepEqual(both.blobs.rhythm, onlyBeats.blobs.rhythm);
  const keys = [none, onlyChords, onlyBeats, both].map(({ blobs }) => blobs.analysis.key);
  assert.equal(new Set(keys).size, 4);
  const labels = async (made: MadeAnalysis): Promise<boolean> =>
    (await analysisOf(made)).chords.every(({ label }) => label === HEARD);
  assert.deepEqual(await Promise.all([none, onlyChords, onlyBeats, both].map(labels)), [false, true, false, true]);
});

test('what was kept of a song and is damaged is heard again, and nothing else', { skip }, async (t) => {
  const { models } = await openStore(t);
  const song = await recording('damaged');
  const { beats, chords, evidence } = (await analyse(models, song, BOTH)).blobs;
  const kept = [beats, chords, evidence].map((blob) => blob?.key ?? '');
  const whole = await Promise.all(kept.map(read));
  const warned: unknown[] = [];
  const watched = pino({ level: 'warn' }, { write: (line: string) => void warned.push(JSON.parse(line)) });
  const damagedOnes = [[0], [1], [2], [0, 1, 2]];
  for (const [nth, damaged] of damagedOnes.entries()) {
    for (const at of damaged) await bench.blobs.put(kept[at]!, bytesOf(whole[at]!.subarray(0, 99)));
    bench.written.length = 0;
    warned.length = 0;
    const facts: SongFacts = { tempoFactor: 0.5, downbeatSeconds: nth };
    const { rhythm } = await analysisOf(await analyse(models, song, BOTH, facts, watched));
    assert.ok(Math.abs(rhythm!.tempoBpm / (SONG.bpm / 2) - 1) < 0.01);
    const again = damaged.map((at) => kept[at]);
    assert.deepEqual(new Set(bench.written.filter((key) => kept.includes(key))), new Set(again));
    assert.deepEqual(new Set(warned.map((line) => (line as { readonly key: string }).key)), new Set(again));
    assert.deepEqual(await Promise.all(kept.map(read)), whole);
  }
});

test('a network that cannot be had is refused by its name', { skip }, async (t) => {
  const server = await startModelServer(t, {});
  const [entry] = CHORD_MODELS;
  const absent = servedAs(entry, tinyChordGraph(HEARD), server.url('/gone'));
  const models = createModelStore({
    cacheDir: await temporaryFolder(t),
    log,
    allowNonCommercial: false,
    models: new Map([[absent.id, absent]]),
  });
  const song = await recording('refused');
  await assert.rejects(analyse(models, song, { beats: null, chords: absent.id, style: null }), (error: unknown) => {
    const { type, details } = error as { type?: string; details?: readonly unknown[] };
    assert.equal(type, 'model-missing');
    assert.match(JSON.stringify(details), new RegExp(absent.id, 'u'));
    return true;
  });
  assert.deepEqual(written(), ['evidence.bin'], 'what was heard without it is kept, whole');
});

test(
  'genre and mood are guessed; who cannot have the network for it goes without, and no further',
  { skip },
  async (t) => {
    const graph = oneTagGraph('jazz');
    const server = await startModelServer(t, { '/style': serve(graph) });
    const storeOf = async (path: string): Promise<ModelStore> => {
      const entry = servedAs(STYLE_MODELS[0], graph, server.url(path));
      const [cacheDir, models] = [await temporaryFolder(t), new Map([[entry.id, entry]])];
      return createModelStore({ cacheDir, log, allowNonCommercial: false, models });
    };
    const song = await recording('styled');
    const networks: AnalysisNetworks = { beats: null, chords: null, style: MUSICNN_MSD };
    const warned: string[] = [];
    const watched = pino({ level: 'warn' }, { write: (line: string) => void warned.push(line) });
    const without = await analyse(await storeOf('/gone'), song, networks, {}, watched);
    assert.deepEqual([without.summary.genre, without.summary.mood], [null, null]);
    assert.match(warned.join(), /not guessed/u);
    const guessed = await analyse(await storeOf('/style'), song, networks);
    assert.equal(guessed.summary.genre?.label, 'jazz');
    assert.deepEqual({ ...guessed.summary, genre: null }, without.summary, 'all else is the same');
    assert.ok(guessed.blobs.style !== undefined);
    assert.deepEqual(await analyse(await storeOf('/gone'), song, networks), guessed, 'what was guessed is kept');
  },
);
