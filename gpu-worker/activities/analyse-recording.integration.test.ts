import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import type { SongAnalysis, SongFacts } from '../../workflows/contract/analysis.ts';
import type { DecodedRecording } from '../../workflows/contract/recording.ts';
import type { MadeAnalysis } from '../../workflows/contract/sheets.ts';
import { createAnalyseRecording } from './analyse-recording.ts';
import { createFinishBench } from './finish-bench.test-kit.ts';
import type { FinishBench } from './finish-bench.test-kit.ts';

const RATE_HZ = 22_050;
const BPM = 100;

let bench: FinishBench;
before(async () => {
  bench = await createFinishBench();
});
after(async () => {
  await bench.close();
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
): Promise<MadeAnalysis> {
  const { blobs, threads } = bench;
  const activity = createAnalyseRecording({
    blobs,
    threads,
    log: pino({ level: 'silent' }),
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
  assert.equal(bench.written.length, 3);
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
