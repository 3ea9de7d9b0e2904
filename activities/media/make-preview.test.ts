import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { wavHeader } from './float-wav.ts';
import { createMediaBench } from './media.test-kit.ts';
import type { MediaBench } from './media.test-kit.ts';

const RATE_HZ = 44_100;

/** A stem of two channels whose level is given per second; 440 Hz, so that it survives Opus. */
async function storeStem(bench: MediaBench, levels: readonly number[]): Promise<FinishedStem> {
  const samples = new Float32Array(levels.length * RATE_HZ * 2);
  for (let frame = 0; frame < samples.length / 2; frame++) {
    const value = Math.sin((2 * Math.PI * 440 * frame) / RATE_HZ) * Number(levels[Math.floor(frame / RATE_HZ)]);
    samples.fill(value, frame * 2, frame * 2 + 2);
  }
  const shape = { rateHz: RATE_HZ, channels: 2, samples: samples.length / 2 };
  const blob = await bench.blobs.put(
    'stems/vocals.wav',
    (async function* single() {
      yield Buffer.concat([wavHeader(shape), new Uint8Array(samples.buffer)]);
    })(),
  );
  return { name: 'vocals', pcm: { ...blob, ...shape }, loudnessLufs: -14, peakDbtp: -1, gainDb: 0, waveform: blob };
}

async function decoded(bench: MediaBench, key: string): Promise<Float32Array> {
  const out = join(bench.folder, 'decoded.raw');
  await bench.blobs.withFile(key, (path) => bench.ffmpeg('-i', path, '-ac', '1', '-ar', '48000', '-f', 'f32le', out));
  return new Float32Array(new Uint8Array(await readFile(out)).buffer);
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

test('is the loudest 20 s, as a voice message has it', async (t) => {
  const bench = await createMediaBench(t);
  // 24 s that are loud, between quiet ones; the very loudest 20 s of them are the last.
  const levels = [...Array(15).fill(0.05), ...Array(4).fill(0.3), ...Array(20).fill(0.4), ...Array(10).fill(0.05)];
  const stem = await storeStem(bench, levels);
  const preview = await bench.inActivity(() => bench.activities.makePreview({ jobId: 'job', stem }));
  assert.equal(preview.durationSeconds, 20);
  const samples = await decoded(bench, preview.file.blob.key);
  assert.equal(samples.length, 20 * 48_000);
  assert.ok(Math.abs(rms(samples) - 0.4 / Math.SQRT2) < 0.01, String(rms(samples)));
  const waveform = Buffer.from(preview.waveformBase64, 'base64');
  assert.equal(waveform.length, 256);
  assert.ok(
    waveform.every((peak) => peak > 250),
    waveform.join(),
  );
  const source = await bench.upload(
    await bench.blobs.withFile(preview.file.blob.key, async (path) => await readFile(path)),
  );
  const { probed } = await bench.ingest(source);
  assert.deepEqual([probed.demuxer, probed.codec, probed.rateHz, probed.channels], ['ogg', 'opus', 48_000, 1]);
  // A pure tone is worth more to a variable bit rate than music is.
  assert.ok(preview.file.blob.bytes < (20 * 100_000) / 8, String(preview.file.blob.bytes));
  assert.deepEqual(await bench.scratch(), []);
});

test('is all of a shorter sound, drawn as it rises', async (t) => {
  const bench = await createMediaBench(t);
  const stem = await storeStem(bench, [0.1, 0.2, 0.3, 0.4]);
  const preview = await bench.inActivity(() => bench.activities.makePreview({ jobId: 'job', stem }));
  assert.equal(preview.durationSeconds, 4);
  assert.equal((await decoded(bench, preview.file.blob.key)).length, 4 * 48_000);
  const waveform = [...Buffer.from(preview.waveformBase64, 'base64')];
  for (const [column, share] of [
    [20, 0.25],
    [84, 0.5],
    [150, 0.75],
    [220, 1],
  ] as const) {
    assert.ok(
      Math.abs(Number(waveform[column]) / 255 - share) < 0.02,
      `${String(column)}: ${String(waveform[column])}`,
    );
  }
  const again = await bench.inActivity(() => bench.activities.makePreview({ jobId: 'job', stem }));
  assert.deepEqual(again, preview);
});

test('of silence is silence', async (t) => {
  const bench = await createMediaBench(t);
  const stem = await storeStem(bench, [0, 0]);
  const preview = await bench.inActivity(() => bench.activities.makePreview({ jobId: 'job', stem }));
  assert.equal(preview.durationSeconds, 2);
  assert.equal(rms(await decoded(bench, preview.file.blob.key)), 0);
  assert.deepEqual(new Set(Buffer.from(preview.waveformBase64, 'base64')), new Set([0]));
});
