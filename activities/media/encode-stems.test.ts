import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Encoding, ResultFile } from '../../workflows/contract/delivery.ts';
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { tone16 } from './audio-bytes.test-kit.ts';
import { wavHeader } from './float-wav.ts';
import { leastBytes } from '../../workflows/delivery-ladder.ts';
import { createMediaBench, readSamples } from './media.test-kit.ts';
import type { MediaBench } from './media.test-kit.ts';

/** Stems are not on the 24-bit grid, so neither are these. */
function stemSamples(seconds: number, channels: number, rateHz: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from(tone16(seconds, channels, rateHz), (sample) => sample / 40_000 + (random() - 0.5) * 1e-3);
}

async function storeStem(
  bench: MediaBench,
  name: string,
  samples: Float32Array,
  format: Pick<PcmBlob, 'rateHz' | 'channels'>,
): Promise<FinishedStem> {
  const shape = { ...format, samples: samples.length / format.channels };
  const put = (key: string, bytes: Uint8Array) =>
    bench.blobs.put(
      key,
      (async function* single() {
        yield bytes;
      })(),
    );
  const blob = await put(`stems/${name}.wav`, Buffer.concat([wavHeader(shape), new Uint8Array(samples.buffer)]));
  const waveform = await put(`stems/${name}.png`, Buffer.from('a picture'));
  return { name, pcm: { ...blob, ...shape }, loudnessLufs: -14, peakDbtp: -1, gainDb: 0, waveform };
}

async function threeStems(bench: MediaBench, rateHz = 44_100, channels = 2): Promise<readonly FinishedStem[]> {
  const stem = (name: string, seed: number) =>
    storeStem(bench, name, stemSamples(1.2345, channels, rateHz, seed), { rateHz, channels });
  return [await stem('vocals', 1), await stem('accompaniment', 2), await stem('residual', 3)];
}

const WAV: Encoding = { format: 'wav', kbps: null };
const FLAC: Encoding = { format: 'flac', kbps: null };
const OPUS: Encoding = { format: 'opus', kbps: 160 };
const MP3: Encoding = { format: 'mp3', kbps: 320 };

async function encode(
  bench: MediaBench,
  stems: readonly FinishedStem[],
  encoding: Encoding,
): Promise<readonly ResultFile[]> {
  return await bench.inActivity(() => bench.activities.encodeStems({ jobId: 'job', stems, encoding }));
}

async function decodedBytes(bench: MediaBench, key: string): Promise<Float32Array> {
  const out = join(bench.folder, 'decoded.raw');
  await bench.blobs.withFile(key, (path) => bench.ffmpeg('-i', path, '-f', 'f32le', out));
  return new Float32Array(new Uint8Array(await readFile(out)).buffer);
}

test('hands WAV stems over as they are, with pictures, under their names', async (t) => {
  const bench = await createMediaBench(t);
  const stems = await threeStems(bench);
  const files = await encode(bench, stems, WAV);
  assert.deepEqual(
    files.map(({ fileName }) => fileName),
    ['vocals.wav', 'accompaniment.wav', 'residual.wav', 'vocals.png', 'accompaniment.png', 'residual.png'],
  );
  assert.equal(files[0]?.blob.key, stems[0]?.pcm.key);
  assert.deepEqual(Object.keys(files[0]?.blob ?? {}), ['key', 'bytes', 'sha256']);
});

test('rounds FLAC to the nearest 24-bit step', async (t) => {
  const bench = await createMediaBench(t);
  const stems = await threeStems(bench);
  const files = await encode(bench, stems, FLAC);
  const original = await readSamples(bench.blobs, String(stems[0]?.pcm.key));
  const decoded = await decodedBytes(bench, String(files[0]?.blob.key));
  assert.equal(decoded.length, original.length);
  const furthest = original.reduce(
    (most, sample, index) => Math.max(most, Math.abs(sample - (decoded[index] ?? NaN))),
    0,
  );
  assert.ok(furthest > 0 && furthest <= 2 ** -24, String(furthest));
});

test('keeps the length in MP3 and Opus, and their sound', async (t) => {
  const bench = await createMediaBench(t);
  const stems = await threeStems(bench);
  const frames = Number(stems[2]?.pcm.samples);
  for (const [encoding, rateHz] of [
    [MP3, 44_100],
    [OPUS, 48_000],
  ] as const) {
    const { format } = encoding;
    const files = await encode(bench, stems, encoding);
    const decoded = await decodedBytes(bench, String(files[0]?.blob.key));
    assert.equal(decoded.length / 2, Math.ceil((frames * rateHz) / 44_100), format);
    const power = decoded.reduce((sum, sample) => sum + sample * sample, 0) / decoded.length;
    const original = await readSamples(bench.blobs, String(stems[0]?.pcm.key));
    const wanted = original.reduce((sum, sample) => sum + sample * sample, 0) / original.length;
    assert.ok(Math.abs(10 * Math.log10(power / wanted)) < 0.2, format);
  }
  assert.ok(
    bench.lines.some((line) => line.startsWith('opus at 48000 Hz')),
    bench.lines.join(),
  );
});

test('keeps to the bit rate that was asked for, and below it to nothing else', async (t) => {
  const bench = await createMediaBench(t);
  const samples = stemSamples(10, 2, 44_100, 4);
  const stereo = await storeStem(bench, 'stereo', samples, { rateHz: 44_100, channels: 2 });
  const mono = await storeStem(bench, 'mono', samples.subarray(0, 441_000).slice(), { rateHz: 44_100, channels: 1 });
  const low = await storeStem(bench, 'low', samples.subarray(0, 441_000).slice(), { rateHz: 22_050, channels: 2 });
  for (const kbps of [320, 192, 128]) {
    const encoding: Encoding = { format: 'mp3', kbps };
    const [ofStereo, ofMono, ofLow] = await encode(bench, [stereo, mono, low], encoding);
    for (const [file, wantedKbps] of [
      [ofStereo, kbps],
      [ofMono, kbps / 2],
      [ofLow, Math.min(160, kbps)],
    ] as const) {
      const found = (Number(file?.blob.bytes) * 8) / 1000 / 10;
      assert.ok(Math.abs(found / wantedKbps - 1) < 0.02, `${String(file?.fileName)} ${String(kbps)}: ${String(found)}`);
    }
    assert.ok(Number(ofStereo?.blob.bytes) >= leastBytes(encoding, stereo.pcm));
    assert.ok(Number(ofLow?.blob.bytes) >= leastBytes(encoding, low.pcm));
  }
});

test('gives equal sounds one file, whatever they are called', async (t) => {
  const bench = await createMediaBench(t);
  const samples = stemSamples(0.5, 2, 44_100, 4);
  const stems = [
    await storeStem(bench, 'vocals', samples, { rateHz: 44_100, channels: 2 }),
    await storeStem(bench, 'choir', samples, { rateHz: 44_100, channels: 2 }),
  ];
  const [first] = await encode(bench, stems.slice(0, 1), MP3);
  const [second] = await encode(bench, stems.slice(1), MP3);
  assert.equal(first?.blob.key, second?.blob.key);
  assert.deepEqual([second?.kind, second?.durationSeconds, second?.fileName], ['sound', 0.5, 'choir.mp3']);
});

test('encodes a stem once, and byte for byte the same elsewhere', async (t) => {
  const bench = await createMediaBench(t);
  const stems = await threeStems(bench);
  const again = async (): Promise<readonly ResultFile[]> => await encode(bench, stems, OPUS);
  const first = await again();
  const key = String(first[0]?.blob.key);
  assert.equal(key, `encoded/${String(stems[0]?.pcm.sha256)}/opus-160-v2.opus`);
  await bench.blobs.withFile(key, (path) => writeFile(path, 'kept'));
  assert.equal((await again())[0]?.blob.bytes, 4, 'what is there is not encoded again');
  await bench.blobs.delete(key);
  assert.deepEqual(await again(), first);
  assert.deepEqual(await bench.scratch(), []);
});

test('brings what a format cannot carry to what it can, and says so', async (t) => {
  const bench = await createMediaBench(t);
  const stems = await threeStems(bench, 96_000, 6);
  for (const encoding of [MP3, FLAC, OPUS]) {
    const files = await encode(bench, stems, encoding);
    const source = await bench.upload(await bench.blobs.withFile(String(files[0]?.blob.key), (path) => readFile(path)));
    const { probed } = await bench.ingest(source);
    const found = [probed.codec, probed.rateHz, probed.channels];
    const wanted = { mp3: ['mp3', 48_000, 2], flac: ['flac', 96_000, 6], opus: ['opus', 48_000, 6], wav: [] };
    assert.deepEqual(found, wanted[encoding.format]);
  }
  assert.ok(bench.lines.includes('mp3 mixed down to stereo; WAV and FLAC keep all channels'), bench.lines.join());
});

test('stops encoding when it is cancelled and leaves nothing', async (t) => {
  const bench = await createMediaBench(t);
  const samples = stemSamples(120, 2, 44_100, 9);
  const stem = await storeStem(bench, 'long', samples, { rateHz: 44_100, channels: 2 });
  const environment = new MockActivityEnvironment();
  const running = environment.run(() => bench.activities.encodeStems({ jobId: 'job', stems: [stem], encoding: MP3 }));
  // It is at work: ffmpeg's own progress arrives as a heartbeat.
  await once(environment, 'heartbeat');
  environment.cancel();
  await assert.rejects(running, { name: 'CancelledFailure' });
  assert.deepEqual(await bench.scratch(), []);
  assert.deepEqual(await bench.keys('encoded/'), []);
});
