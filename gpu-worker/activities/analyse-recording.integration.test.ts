import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import type { SongAnalysis, SongFacts } from '../../workflows/contract/analysis.ts';
import type { DecodedRecording } from '../../workflows/contract/recording.ts';
import type { MadeAnalysis } from '../../workflows/contract/sheets.ts';
import { analyseSong } from '../analysis/analyse-song.ts';
import { packRhythm } from '../analysis/pack-rhythm.ts';
import { loadFft } from '../dsp/fft.ts';
import { createEngine } from '../engine/engine.ts';
import { createModelStore } from '../models/model-store.ts';
import { createAnalyseRecording } from './analyse-recording.ts';
import { createFinishBench } from './finish-bench.test-kit.ts';
import type { FinishBench } from './finish-bench.test-kit.ts';
import { bytesOf } from './finished-record.ts';

const RATE_HZ = 22_050;
const BPM = 100;

const log = pino({ level: 'silent' });

let bench: FinishBench;
const engine = createEngine({ threads: 1 });
before(async () => {
  await loadFft();
  bench = await createFinishBench();
});
after(async () => {
  await Promise.all([bench.close(), engine.close()]);
});
beforeEach(() => {
  bench.written.length = 0;
  bench.reports.length = 0;
});

/** Chords of A minor and a click on each beat, the first of a bar louder. */
function band(seconds: number): Float32Array {
  const beat = (60 / BPM) * RATE_HZ;
  const chords = [
    [220, 261.63, 329.63],
    [174.61, 220, 261.63],
  ];
  return Float32Array.from({ length: seconds * RATE_HZ }, (_, n) => {
    const count = Math.floor(n / beat);
    const since = (n - count * beat) / RATE_HZ;
    const notes = chords[Math.floor(count / 4) % 2] ?? [];
    const tone = notes.reduce((sum, hz) => sum + Math.sin((2 * Math.PI * hz * n) / RATE_HZ), 0);
    const click = Math.sin(2 * Math.PI * (count % 4 === 0 ? 60 : 1800) * since) * Math.exp(-since * 60);
    return 0.08 * tone * Math.exp(-since * 2) + 0.5 * click;
  });
}

async function recording(name: string, ...channels: readonly Float32Array[]): Promise<DecodedRecording> {
  const canonical = await bench.putWav(`${name}.wav`, RATE_HZ, channels);
  const durationSeconds = canonical.samples / RATE_HZ;
  bench.written.length = 0;
  return { sha256: canonical.sha256, title: name, durationSeconds, canonical, working: canonical };
}

async function analyse(
  song: DecodedRecording,
  facts: SongFacts = {},
  environment = new MockActivityEnvironment(),
  threads = bench.threads,
): Promise<MadeAnalysis> {
  const activity = createAnalyseRecording({
    ...bench,
    threads,
    engine,
    // No network is asked.
    models: createModelStore({ cacheDir: bench.folder, log, allowNonCommercial: false, models: new Map() }),
    scratchDir: bench.folder,
    log,
    reportProgress: async (report) => {
      await Promise.resolve();
      bench.reports.push(report);
    },
  });
  return await environment.run(activity, {
    jobId: 'job',
    recording: song,
    facts,
  });
}

function namesOf(keys: readonly string[]): string[] {
  return keys.map((key) => basename(key));
}

async function analysisOf({ blobs }: MadeAnalysis): Promise<SongAnalysis> {
  return JSON.parse((await read(blobs.analysis.key)).toString()) as SongAnalysis;
}

async function put(key: string, bytes: Uint8Array): Promise<void> {
  await bench.blobs.put(key, bytesOf(bytes));
}

async function read(key: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bench.blobs.read(key)) pieces.push(piece);
  return Buffer.concat(pieces);
}

test('a song is analysed and drawn; a second attempt finds it, other facts do not', async () => {
  const sound = band(20);
  const song = await recording('band', sound, sound);
  const made = await analyse(song);
  const analysis = JSON.parse((await read(made.blobs.analysis.key)).toString()) as SongAnalysis;
  assert.ok(Math.abs((analysis.rhythm?.tempoBpm ?? 0) - BPM) < 2, String(analysis.rhythm?.tempoBpm));
  assert.equal(made.summary.rhythm?.tempoBpm, analysis.rhythm?.tempoBpm);
  assert.ok(made.summary.chords.includes('A:min'), made.summary.chords.join());
  assert.ok(made.summary.loudnessLufs !== null && made.summary.durationSeconds === 20);
  assert.equal((await read(made.blobs.picture.key)).toString('latin1', 1, 4), 'PNG');
  assert.deepEqual(namesOf(bench.written), ['evidence.bin', 'rhythm.bin', 'analysis.json', 'picture.png', 'made.json']);
  const stages = new Set(bench.reports.map(({ stage }) => stage));
  assert.deepEqual([...stages], ['listen']);
  assert.equal(bench.reports.at(-1)?.fraction, 1);

  bench.written.length = 0;
  assert.deepEqual(await analyse(song), made);
  assert.deepEqual(bench.written, []);
  const corrected = await analyse(song, { beatsPerBar: 3 });
  assert.equal(corrected.summary.rhythm?.timeSignature.beatsPerBar, 3);
  assert.notEqual(corrected.blobs.analysis.key, made.blobs.analysis.key);
});

test('a correction of the key hears no sound and finds no rhythm again', async () => {
  const song = await recording('of another key', band(18));
  const made = await analyse(song);
  const found = await analysisOf(made);
  assert.ok(found.rhythm !== null && made.blobs.rhythm !== undefined);
  await bench.blobs.delete(song.canonical.key);

  bench.written.length = 0;
  const corrected = await analyse(song, { key: { tonic: 'Eb', mode: 'minor' } });
  assert.deepEqual(namesOf(bench.written), ['analysis.json', 'picture.png', 'made.json']);
  const analysis = await analysisOf(corrected);
  assert.deepEqual([analysis.key?.tonic, analysis.key?.mode, analysis.key?.confidence], ['Eb', 'minor', 1]);
  assert.deepEqual(analysis.rhythm, found.rhythm);
  assert.notDeepEqual(analysis.chords, found.chords);
  assert.notDeepEqual(await read(corrected.blobs.picture.key), await read(made.blobs.picture.key));

  // A rhythm that nobody would find in this song is taken as it is.
  const later = { ...found.rhythm, beatsSeconds: found.rhythm.beatsSeconds.map((at) => at + 1 / 64) };
  await put(made.blobs.rhythm.key, packRhythm(later));
  const again = await analysisOf(await analyse(song, { key: { tonic: 'C', mode: 'major' } }));
  assert.deepEqual(again.rhythm, later);
});

test('a correction of the rhythm hears no sound again, and says the same as one that does', async () => {
  const sound = band(17);
  const song = await recording('corrected', sound);
  await analyse(song);
  await bench.blobs.delete(song.canonical.key);
  const all: readonly SongFacts[] = [
    { beatsPerBar: 3 },
    { tempoFactor: 0.5 },
    { tempoBpm: 50 },
    { downbeatSeconds: 1.2 },
    { beatsPerBar: 3, key: { tonic: 'F', mode: 'major' } },
  ];
  for (const facts of all) {
    const corrected = await analysisOf(await analyse(song, facts));
    assert.deepEqual(corrected, analyseSong({ left: sound, right: null, sampleRateHz: RATE_HZ }, { facts }));
  }
});

test('what is kept of a song is heard again where it is damaged or gone', async () => {
  const song = await recording('damaged', band(12));
  const facts: SongFacts = { key: { tonic: 'G', mode: 'major' } };
  const sound = await analysisOf(await analyse(song, facts));
  const { evidence, rhythm } = (await analyse(song)).blobs;
  assert.ok(evidence !== undefined && rhythm !== undefined);
  const whole = await read(evidence.key);
  const damages: readonly (() => Promise<void>)[] = [
    async () => await put(evidence.key, whole.subarray(0, whole.length - 9)),
    async () =>
      await put(
        evidence.key,
        whole.map((byte, at) => (at === 5000 ? byte ^ 1 : byte)),
      ),
    async () => await bench.blobs.delete(evidence.key),
    async () => await put(rhythm.key, Buffer.from('no rhythm')),
    async () => await bench.blobs.delete(rhythm.key),
  ];
  for (const damage of damages) {
    await damage();
    for await (const key of bench.blobs.list('analyses/')) if (key.endsWith('made.json')) await bench.blobs.delete(key);
    assert.deepEqual(await analysisOf(await analyse(song, facts)), sound);
    assert.deepEqual([await read(evidence.key), (await bench.blobs.head(rhythm.key))?.sha256], [whole, rhythm.sha256]);
  }
});

test('an attempt that ends between hearing and finding leaves what it heard, whole, and the next goes on from there', async () => {
  const song = await recording('ended', band(16));
  const environment = new MockActivityEnvironment();
  const ending: typeof bench.threads = {
    ...bench.threads,
    run: async (kind, input, options) => {
      if (kind === 'analyse') environment.cancel();
      return await bench.threads.run(kind, input, options);
    },
  };
  await assert.rejects(analyse(song, {}, environment, ending), CancelledFailure);
  assert.deepEqual(namesOf(bench.written), ['evidence.bin']);
  await bench.blobs.delete(song.canonical.key);
  assert.ok((await analyse(song)).summary.rhythm !== null);
});

test('silence has no beat, no key and no chords, and a picture all the same', async () => {
  const { summary, blobs } = await analyse(await recording('silence', new Float32Array(5 * RATE_HZ)));
  assert.deepEqual([summary.rhythm, summary.key, summary.chords, summary.loudnessLufs], [null, null, [], null]);
  assert.ok(blobs.picture.bytes > 100);
});

test('a cancelled analysis ends at once and leaves nothing', async () => {
  const song = await recording('cancelled', band(60));
  const environment = new MockActivityEnvironment();
  environment.on('heartbeat', () => {
    environment.cancel();
  });
  await assert.rejects(analyse(song, {}, environment), CancelledFailure);
  assert.deepEqual(bench.written, []);
});
