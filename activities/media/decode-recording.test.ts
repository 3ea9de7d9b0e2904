import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { floatWav, soundWav, tone16 } from './audio-bytes.test-kit.ts';
import { HEADER_BYTES, LARGEST_DATA_BYTES, parseWavHeader, wavHeader } from './float-wav.ts';
import { createMediaBench, readSamples } from './media.test-kit.ts';
import { padChannels } from './pad-channels.ts';
import { LOUDEST_SAMPLE, snapToGrid } from './snap-to-grid.ts';

const STEP = 2 ** -23;

function isOnGrid(sample: number): boolean {
  return Number.isInteger(sample / STEP);
}

test('keeps every sample of 16-bit, 24-bit and FLAC recordings', async (t) => {
  const bench = await createMediaBench(t);
  const truth = Float32Array.from(tone16(0.5), (sample) => sample / 32_768);
  const original = join(bench.folder, 'original.wav');
  await writeFile(original, soundWav(0.5));
  for (const [name, options] of [
    ['copy.wav', []],
    ['copy24.wav', ['-c:a', 'pcm_s24le']],
    ['copy.flac', []],
    ['copy.m4a', ['-c:a', 'alac']],
  ] as const) {
    const path = join(bench.folder, name);
    await bench.ffmpeg('-i', original, ...options, path);
    const { decoded } = await bench.ingest(await bench.upload(await readFile(path)));
    assert.deepEqual(await readSamples(bench.blobs, decoded.canonical.key), truth, name);
    assert.deepEqual(decoded.working, decoded.canonical, 'stereo at 44.1 kHz is worked on as it is');
  }
});

test('rounds a lossy recording to the 24-bit grid and may pass full scale', async (t) => {
  const bench = await createMediaBench(t);
  const loud = Float32Array.from(tone16(1), (sample) => sample / 12_000);
  const wavPath = join(bench.folder, 'loud.wav');
  await writeFile(wavPath, floatWav(loud));
  const mp3Path = join(bench.folder, 'loud.mp3');
  await bench.ffmpeg('-i', wavPath, '-b:a', '192k', mp3Path);
  const { decoded } = await bench.ingest(await bench.upload(await readFile(mp3Path)));
  const samples = await readSamples(bench.blobs, decoded.canonical.key);
  assert.ok(samples.every(isOnGrid));
  assert.ok(samples.some((sample) => Math.abs(sample) > 1));
  // The LAME header lets the decoder cut its own delay and padding.
  assert.equal(decoded.canonical.samples, 44_100);
});

test('mends NaN and infinity and says so', async (t) => {
  const bench = await createMediaBench(t);
  const samples = new Float32Array(44_100).fill(0.25);
  samples.set([NaN, Infinity, -Infinity, 1e30, -0, 1e-40], 100);
  const { decoded } = await bench.ingest(await bench.upload(floatWav(samples, { channels: 1 })));
  const out = await readSamples(bench.blobs, decoded.canonical.key);
  assert.deepEqual([...out.subarray(99, 107)], [0.25, 0, 0, 0, LOUDEST_SAMPLE, 0, 0, 0.25]);
  assert.ok(bench.lines.includes('4 impossible samples were mended'), bench.lines.join());
});

test('F26 gives finite samples for silence, constants, squares and denormals', async (t) => {
  const bench = await createMediaBench(t);
  const signals: readonly (readonly [string, (index: number) => number])[] = [
    ['silence', () => 0],
    ['a constant', () => 0.5],
    ['a full-scale square', (index) => (index % 100 < 50 ? 1 : -1)],
    ['denormals', () => 1e-40],
  ];
  for (const [name, signal] of signals) {
    const samples = Float32Array.from({ length: 48_000 }, (_, index) => signal(index));
    const { decoded } = await bench.ingest(await bench.upload(floatWav(samples, { channels: 1, rateHz: 48_000 })));
    const [canonical, working] = await Promise.all([
      readSamples(bench.blobs, decoded.canonical.key),
      readSamples(bench.blobs, decoded.working.key),
    ]);
    assert.deepEqual(canonical, name === 'denormals' ? new Float32Array(48_000) : samples, name);
    assert.equal(working.length, 88_200);
    assert.ok(working.every(Number.isFinite), name);
    if (name === 'silence' || name === 'denormals')
      assert.ok(
        working.every((sample) => sample === 0),
        name,
      );
  }
});

test('stops decoding when it is cancelled and leaves nothing', async (t) => {
  const bench = await createMediaBench(t);
  const source = await bench.upload(soundWav(120));
  const probed = await bench.inActivity(() => bench.activities.probeSource({ jobId: 'job', source }));
  const environment = new MockActivityEnvironment();
  const running = environment.run(() => bench.activities.decodeRecording({ jobId: 'job', source, probed }));
  await once(environment, 'heartbeat');
  environment.cancel();
  await assert.rejects(running, { name: 'CancelledFailure' });
  assert.deepEqual(await bench.scratch(), []);
  assert.deepEqual(await bench.keys('pcm/'), []);
});

test('doubles mono for the separators and keeps the recording mono', async (t) => {
  const bench = await createMediaBench(t);
  const { decoded } = await bench.ingest(await bench.upload(soundWav(0.5, { channels: 1 })));
  assert.equal(decoded.canonical.channels, 1);
  assert.equal(decoded.working.channels, 2);
  const [mono, stereo] = await Promise.all([
    readSamples(bench.blobs, decoded.canonical.key),
    readSamples(bench.blobs, decoded.working.key),
  ]);
  assert.deepEqual(
    stereo,
    Float32Array.from({ length: 2 * mono.length }, (_, index) => mono[index >> 1] ?? 0),
  );
});

test('resamples to 44.1 kHz for the separators, accurately and at the right length', async (t) => {
  const bench = await createMediaBench(t);
  for (const rateHz of [48_000, 22_050, 96_000]) {
    const frames = rateHz * 2;
    const sine = Float32Array.from(
      { length: frames },
      (_, index) => 0.5 * Math.sin((2 * Math.PI * 1000 * index) / rateHz),
    );
    const { decoded } = await bench.ingest(await bench.upload(floatWav(sine, { channels: 1, rateHz })));
    assert.equal(decoded.canonical.samples, frames);
    assert.equal(decoded.working.rateHz, 44_100);
    assert.equal(decoded.working.samples, 88_200);
    const out = await readSamples(bench.blobs, decoded.working.key);
    let error = 0;
    // Away from the ends, where the filter sees silence beyond the song.
    for (let frame = 4410; frame < 83_790; frame += 1) {
      const expected = 0.5 * Math.sin((2 * Math.PI * 1000 * frame) / 44_100);
      error = Math.max(
        error,
        Math.abs((out[2 * frame] ?? 0) - expected),
        Math.abs((out[2 * frame + 1] ?? 0) - expected),
      );
    }
    assert.ok(error < 1e-5, `from ${String(rateHz)} Hz: off by ${String(error)}`);
  }
});

test('decodes the same bytes once, and twice at once without harm', async (t) => {
  const bench = await createMediaBench(t);
  const source = await bench.upload(soundWav(1, { rateHz: 48_000 }));
  const [first, second] = await Promise.all([bench.ingest(source), bench.ingest(source)]);
  assert.deepEqual(first, second);
  const before = await bench.keys('');
  assert.deepEqual(await bench.ingest(source), first);
  assert.deepEqual(await bench.keys(''), before);
  assert.deepEqual(await bench.scratch(), []);
});

test('a half-written file under the key is decoded again', async (t) => {
  const bench = await createMediaBench(t);
  const source = await bench.upload(soundWav(1));
  const { decoded } = await bench.ingest(source);
  const whole = await bench.blobs.withFile(decoded.canonical.key, (path) => readFile(path));
  await bench.blobs.withFile(decoded.canonical.key, (path) => writeFile(path, whole.subarray(0, 1000)));
  assert.deepEqual((await bench.ingest(source)).decoded, decoded);
});

test('reads what is in a player: cover pictures, chapters, chained streams', async (t) => {
  const bench = await createMediaBench(t);
  const [song, cover] = [join(bench.folder, 'song.wav'), join(bench.folder, 'cover.png')];
  await writeFile(song, soundWav(2));
  await writeFile(
    join(bench.folder, 'chapters.txt'),
    ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=One\n',
  );
  await bench.ffmpeg('-f', 'lavfi', '-i', 'color=red:s=64x64', '-frames:v', '1', cover);
  const picture = ['-i', cover, '-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v', 'attached_pic'];
  const chapters = ['-i', join(bench.folder, 'chapters.txt'), '-map_metadata', '1'];
  for (const [name, ...options] of [
    ['cover.m4a', ...picture],
    ['cover.mp3', ...picture],
    ['cover.flac', ...picture],
    ['chapters.m4a', ...chapters],
  ]) {
    const path = join(bench.folder, String(name));
    await bench.ffmpeg('-i', song, ...options, path);
    const { decoded } = await bench.ingest(await bench.upload(await readFile(path)));
    assert.ok(Math.abs(decoded.durationSeconds - 2) < 0.03, `${String(name)}: ${String(decoded.durationSeconds)} s`);
    assert.deepEqual(bench.lines, ['Looking at the file'], 'nothing to complain about');
    bench.lines.length = 0;
  }
});

test('refuses what would fill the disk, by rate and channels', async (t) => {
  const bench = await createMediaBench(t, { largestPcmBytes: 4_000_000 });
  assert.equal(
    (await bench.ingest(await bench.upload(soundWav(2, { channels: 8, rateHz: 48_000 })))).decoded.canonical.channels,
    8,
  );
  const failure = await bench.refusalOf(async () =>
    bench.ingest(await bench.upload(soundWav(4, { channels: 8, rateHz: 48_000 }))),
  );
  assert.equal(failure.code, 'too-long');
});

test('refuses an upload above the limit without opening it', async (t) => {
  const bench = await createMediaBench(t, { largestUploadBytes: 1_500_000 });
  const source = await bench.upload(soundWav(10));
  assert.deepEqual(await bench.refusalOf(() => bench.ingest(source)), {
    code: 'too-large',
    facts: { foundMegabytes: 2, limitMegabytes: 1 },
  });
});

test('snaps to the grid, and every value on it stays', () => {
  const samples = Float32Array.of(0, STEP, -STEP, 0.3, 0.99999999, -0.7, STEP * 0.4, STEP * 0.6, 3.25, NaN, -300);
  const mended = snapToGrid(samples);
  assert.equal(mended, 2);
  assert.ok(samples.every(isOnGrid));
  assert.deepEqual([samples[6], samples[7], samples[8], samples[9], samples[10]], [0, STEP, 3.25, 0, -LOUDEST_SAMPLE]);
  const again = samples.slice();
  assert.equal(snapToGrid(again), 0);
  assert.deepEqual(again, samples);
});

test('pads odd channels wherever the blocks are cut', () => {
  const frames = Float32Array.from({ length: 30 }, (_, index) => index);
  const expected = Array.from({ length: 10 }, (_, frame) => [0, 1, 2, 2].map((channel) => 3 * frame + channel)).flat();
  for (const cut of [1, 7, 15, 30]) {
    const pad = padChannels(3);
    const out: number[] = [];
    for (let at = 0; at < frames.length; at += cut) out.push(...pad(frames.subarray(at, at + cut)));
    assert.deepEqual(out, expected, `cut every ${String(cut)}`);
  }
});

test('knows its own WAV headers and no others', () => {
  const shape = { rateHz: 48_000, channels: 6, samples: 12_345 };
  assert.deepEqual(parseWavHeader(wavHeader(shape)), shape);
  assert.equal(parseWavHeader(wavHeader(shape).subarray(1)), null);
  assert.equal(parseWavHeader(soundWav(1).subarray(0, HEADER_BYTES)), null);
  assert.equal(parseWavHeader(new Uint8Array(HEADER_BYTES)), null);
  assert.ok(wavHeader({ rateHz: 1, channels: 1, samples: Math.floor(LARGEST_DATA_BYTES / 4) }).length === HEADER_BYTES);
});
