/** The way of the published network, from its entry in the manifest to beats, gone by a tiny network of the same inputs and outputs. */
import assert from 'node:assert/strict';
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { BeatActivations } from '../analysis/heard-by-network.ts';
import { createEngine } from '../engine/engine.ts';
import { peakResidentBytes } from '../engine/peak-memory.test-kit.ts';
import type { Engine } from '../engine/engine.ts';
import { BEAT_MODELS } from '../models/manifest/beat-models.ts';
import type { ModelEntry } from '../models/manifest/model-manifest.ts';
import { doublingGraph, serve, sha256, startModelServer, storeOf } from '../models/model-server.test-kit.ts';
import { BEAT_RATE_HZ, beatChunks, frameCount } from './beat-grid.ts';
import { largestDifference, readGolden } from './golden.test-kit.ts';
import { chunksAtOnce, hearBeats as hearSong } from './hear-beats.ts';
import type { BeatRun } from './hear-beats.ts';
import { pickBeats } from './pick-beats.ts';
import { madeUpSong, tinyBeatGraph } from './tiny-beat-network.test-kit.ts';

const SONG_SECONDS = 70;
const SAMPLED_FRAMES = 11;

let folder = '';
let engine: Engine;
let modelPath = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-beats-'));
  modelPath = join(await mkdtemp(join(tmpdir(), 'woodshed-beat-model-')), 'tiny.onnx');
  await writeFile(modelPath, tinyBeatGraph());
  engine = createEngine({ threads: 2 });
});
after(async () => {
  await engine.close();
  await Promise.all([folder, join(modelPath, '..')].map((path) => rm(path, { recursive: true, force: true })));
});

/** What is heard in samples; they lie in a file as long as that takes. */
async function hearBeats(samples: Float32Array, options: Partial<BeatRun> = {}): Promise<BeatActivations> {
  const path = join(folder, 'samples.f32');
  await writeFile(path, samples);
  try {
    return await hearSong({ path, samples: samples.length }, { engine, modelPath, folder, ...options });
  } finally {
    await rm(path);
  }
}

/** The entry as it is, but for where its file is and which one it is. */
async function fetchAs(t: TestContext, entry: ModelEntry, graph: Uint8Array): Promise<string> {
  const [file] = entry.files;
  const server = await startModelServer(t, { '/network': serve(graph) });
  const local: ModelEntry = {
    ...entry,
    files: [{ name: file!.name, bytes: graph.length, sha256: sha256(graph) }],
    sources: [{ kind: 'urls', files: { [file!.name]: server.url('/network') } }],
  };
  const cacheDir = await mkdtemp(join(tmpdir(), 'woodshed-beat-store-'));
  t.after(() => rm(cacheDir, { recursive: true, force: true }));
  const { onnxPaths } = await storeOf(local, cacheDir).ensure(entry.id);
  return onnxPaths[0]!;
}

for (const entry of BEAT_MODELS) {
  test(`a network fetched as ${entry.id} hears what Beat This' own code hears with it`, async (t) => {
    const fetched = await fetchAs(t, entry, tinyBeatGraph());
    const heard = await hearBeats(madeUpSong(SONG_SECONDS * BEAT_RATE_HZ), { modelPath: fetched });
    const sampled = (logits: Float32Array): Float32Array => logits.filter((_, at) => at % SAMPLED_FRAMES === 0);
    const found = Float32Array.of(...sampled(heard.beats), ...sampled(heard.downbeats));
    const worst = largestDifference(found, await readGolden('logits.f32'));
    t.diagnostic(`logits at most ${worst.toExponential(1)} off`);
    assert.ok(worst < 1e-4, String(worst));

    const { beatsSeconds, downbeatsSeconds } = pickBeats(heard);
    assert.equal(beatsSeconds.length, 2 * SONG_SECONDS + 1);
    assert.equal(downbeatsSeconds.length, SONG_SECONDS / 2);
    const onTime = (seconds: number, n: number, period: number): boolean => Math.abs(seconds - n * period) < 0.03;
    // One more at the end, where the song is mirrored.
    assert.ok(beatsSeconds.slice(0, -1).every((seconds, n) => onTime(seconds, n, 0.5)));
    assert.ok(downbeatsSeconds.every((seconds, n) => onTime(seconds, n, 2)));
  });

  test(`another network is not taken for ${entry.id}`, async (t) => {
    await assert.rejects(fetchAs(t, entry, doublingGraph()), { type: 'model-invalid' });
  });
}

test('hears the same on one thread as on two, and tells of every chunk', async () => {
  const samples = madeUpSong(100 * BEAT_RATE_HZ);
  const chunks = beatChunks(frameCount(samples.length)).length;
  assert.equal(chunks, 4);
  const fractions: number[] = [];
  const onTwo = await hearBeats(samples, { onProgress: (fraction) => fractions.push(fraction) });
  assert.deepEqual(
    fractions,
    Array.from({ length: chunks }, (_, n) => (n + 1) / chunks),
  );
  assert.deepEqual(await hearBeats(samples, { threads: 1 }), onTwo);
});

test('no more chunks are heard at a time than memory has room for, and never more than four, of several songs together', async () => {
  assert.deepEqual(
    [0, 0.9e9, 1e9, 2.5e9, 64e9].map((bytes) => chunksAtOnce(bytes)),
    [1, 1, 1, 2, 4],
  );
  const wide = createEngine({ threads: 6 });
  const lanes: unknown[] = [];
  const watched: Engine = {
    ...wide,
    run: async (kind, input, options) => {
      lanes.push(options?.lanes);
      return await wide.run(kind, input, options);
    },
  };
  try {
    const samples = madeUpSong(175 * BEAT_RATE_HZ);
    assert.equal(beatChunks(frameCount(samples.length)).length, 6);
    const heard = await hearBeats(samples, { engine: watched });
    assert.deepEqual(heard, await hearBeats(samples, { threads: 1 }));
    assert.ok(lanes.length > 0 && lanes.length <= 4 && new Set(lanes).size === 1);
    assert.ok((lanes[0] as number) <= 4);
  } finally {
    await wide.close();
  }
});

test('hears no beat in nothing, and does not stumble over what is no music', async () => {
  for (const length of [0, 1, 512]) assert.equal((await hearBeats(new Float32Array(length))).beats.length, 0);
  for (const length of [513, 441 * 1488, 441 * 1488 + 1]) {
    const { beats, downbeats } = await hearBeats(new Float32Array(length));
    assert.equal(beats.length, frameCount(length));
    assert.ok(beats.every((logit) => logit < 0) && downbeats.every((logit) => logit < 0));
  }
  for (const bad of [NaN, Infinity]) {
    const samples = madeUpSong(BEAT_RATE_HZ).fill(bad, 9, 10);
    await assert.rejects(hearBeats(samples), /not finite/u);
  }
  const loud = await hearBeats(madeUpSong(BEAT_RATE_HZ).map((sample) => sample * 1e6));
  assert.ok(loud.beats.every((logit) => Number.isFinite(logit)));
  assert.deepEqual(await readdir(folder), []);
});

test('a network that says what no number is fails', async () => {
  const broken = join(modelPath, '..', 'broken.onnx');
  for (const bias of [NaN, Infinity]) {
    await writeFile(broken, tinyBeatGraph(bias));
    const hearing = hearBeats(madeUpSong(BEAT_RATE_HZ), { modelPath: broken });
    await assert.rejects(hearing, /downbeat: values that are not finite/u);
  }
});

test('stops when it is no longer wanted, or fails, and leaves nothing', async () => {
  const samples = madeUpSong(600 * BEAT_RATE_HZ);
  const stop = new AbortController();
  const reason = new Error('no longer wanted');
  let reports = 0;
  const onProgress = (): void => {
    reports++;
    stop.abort(reason);
  };
  await assert.rejects(hearBeats(samples, { threads: 1, signal: stop.signal, onProgress }), reason);
  assert.ok(reports < beatChunks(frameCount(samples.length)).length, `${String(reports)} chunks`);
  await assert.rejects(hearBeats(samples, { signal: stop.signal }), reason);
  await assert.rejects(hearBeats(samples, { modelPath: join(folder, 'none.onnx') }), /none\.onnx/u);
  assert.deepEqual(await readdir(folder), []);
});

/** Of an engine that hears silence of this length, which is a sparse file. */
async function peakBytes(seconds: number): Promise<number> {
  const fresh = createEngine({ threads: 1 });
  const path = join(folder, 'silence.f32');
  const samples = seconds * BEAT_RATE_HZ;
  await using file = await open(path, 'w');
  await file.truncate(samples * Float32Array.BYTES_PER_ELEMENT);
  try {
    const { beats } = await hearSong({ path, samples }, { engine: fresh, modelPath, folder });
    assert.equal(beats.length, frameCount(samples));
    return await peakResidentBytes(fresh.pid);
  } finally {
    await fresh.close();
    await rm(path);
  }
}

test(
  '30 minutes need hardly more memory than one',
  { skip: process.platform !== 'linux' && 'reads /proc' },
  async (t) => {
    const [short, long] = [await peakBytes(60), await peakBytes(1800)];
    t.diagnostic(`${String(short)} and ${String(long)} bytes`);
    assert.ok(short > 50e6);
    // The samples alone are 159 MB.
    assert.ok(long < short + 100e6, `${String(long)} bytes, and ${String(short)} for one minute`);
  },
);
