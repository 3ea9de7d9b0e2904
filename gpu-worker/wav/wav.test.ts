import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { createFrameReader, readFrames, readWavHeader } from './read-wav.ts';
import { buildWavHeader, WavFormatError } from './wav-header.ts';
import { createWavWriter } from './write-wav.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'woodshed-wav-'));
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
});

function ramp(channels: number, samples: number): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: samples }, (__, index) => Math.sin(index * 0.01 * (channel + 1)) * 1.5),
  );
}

async function readAll(file: string): Promise<Float32Array[]> {
  await using handle = await open(file, 'r');
  const header = await readWavHeader(handle);
  const into = Array.from({ length: header.channels }, () => new Float32Array(header.samples));
  await readFrames(handle, header, 0, header.samples, into);
  return into;
}

for (const channels of [1, 2, 3, 6, 8]) {
  test(`gives back ${String(channels)} channels bit for bit, and ffmpeg reads the same`, async () => {
    const file = path.join(folder, `c${String(channels)}.wav`);
    const signal = ramp(channels, 5000);
    const writer = await createWavWriter(file, { rateHz: 48_000, channels });
    for (let start = 0; start < 5000; start += 777) {
      await writer.write(signal.map((channel) => channel.subarray(start, start + 777)));
    }
    const written = await writer.close();
    assert.deepEqual(await readWavHeader(file), written);
    assert.equal(written.samples, 5000);
    assert.deepEqual(await readAll(file), signal);

    const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'f32le', '-c:a', 'pcm_f32le', '-']);
    const decoded = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
    assert.equal(decoded.length, 5000 * channels);
    for (let frame = 0; frame < 5000; frame += 499) {
      for (let channel = 0; channel < channels; channel++) {
        assert.equal(decoded[frame * channels + channel], signal[channel]?.[frame]);
      }
    }
    const probed = execFileSync('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      'stream=duration_ts,sample_rate,channels',
      '-of',
      'csv=p=0',
      file,
    ]);
    assert.equal(probed.toString().trim(), `48000,${String(channels)},5000`);
  });
}

for (const [name, options] of [
  ['stereo', ['-ac', '2']],
  ['5.1, extensible', ['-ac', '6']],
  ['RF64', ['-ac', '2', '-rf64', 'always']],
  ['with a bext chunk', ['-ac', '2', '-write_bext', '1', '-metadata', 'description=odd']],
] as const) {
  test(`reads ffmpeg's own file (${name})`, async () => {
    const file = path.join(folder, 'ffmpeg.wav');
    const source = ['-f', 'lavfi', '-i', 'sine=frequency=1000:sample_rate=44100:duration=0.5'];
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...source, ...options, '-c:a', 'pcm_f32le', file]);
    const header = await readWavHeader(file);
    assert.equal(header.samples, 22_050);
    assert.equal(header.rateHz, 44_100);
    // A mono sine goes to the centre channel of 5.1.
    const peaks = (await readAll(file)).map((channel) => Math.max(...channel));
    assert.ok(Math.max(...peaks) > 0.03 && Math.max(...peaks) < 1);
  });
}

test('takes a data size that was never patched as "to the end"', async () => {
  const file = path.join(folder, 'stream.wav');
  const source = ['-f', 'lavfi', '-i', 'sine=sample_rate=44100:duration=0.2'];
  const bytes = execFileSync('ffmpeg', ['-v', 'error', ...source, '-c:a', 'pcm_f32le', '-f', 'wav', '-']);
  await writeFile(file, bytes);
  assert.equal((await readWavHeader(file)).samples, 8820);
});

test('reads any span of a file', async () => {
  const file = path.join(folder, 'spans.wav');
  const signal = ramp(2, 1000);
  const writer = await createWavWriter(file, { rateHz: 44_100, channels: 2 });
  await writer.write(signal);
  await writer.close();
  await using handle = await open(file, 'r');
  const reader = createFrameReader(handle, await readWavHeader(handle));
  await fc.assert(
    fc.asyncProperty(fc.nat(999), fc.nat(999), async (one, other) => {
      const [start, end] = one < other ? [one, other] : [other, one];
      const into = [new Float32Array(end - start), new Float32Array(end - start)];
      await reader.read(start, end - start, into);
      assert.deepEqual(
        into,
        signal.map((channel) => channel.slice(start, end)),
      );
    }),
  );
  await assert.rejects(reader.read(999, 2, [new Float32Array(2), new Float32Array(2)]), RangeError);
  await assert.rejects(reader.read(0, 2, [new Float32Array(2)]), RangeError);
  await assert.rejects(reader.read(0, 2, [new Float32Array(2), new Float32Array(1)]), RangeError);
});

test('a file beyond 4 GiB is RF64 and is read as such', async () => {
  const samples = 700_000_000;
  const header = buildWavHeader({ rateHz: 44_100, channels: 2 }, samples);
  const file = path.join(folder, 'large.wav');
  await writeFile(file, header);
  // A sparse file: it takes no room.
  await truncate(file, header.length + samples * 8);
  assert.deepEqual(await readWavHeader(file), {
    rateHz: 44_100,
    channels: 2,
    samples,
    dataOffset: header.length,
    bytes: samples * 8,
  });
});

test('refuses what is not a whole float32 WAV file', async () => {
  const file = path.join(folder, 'bad.wav');
  const whole = Buffer.concat([buildWavHeader({ rateHz: 44_100, channels: 1 }, 4), Buffer.alloc(16)]);
  const integer = Buffer.from(whole);
  integer.writeUInt16LE(1, integer.indexOf('fmt ') + 8);
  for (const bytes of [Buffer.from('ID3'), whole.subarray(0, 40), whole.subarray(0, whole.length - 1), integer]) {
    await writeFile(file, bytes);
    await assert.rejects(readWavHeader(file), WavFormatError);
  }
  await writeFile(file, whole);
  assert.equal((await readWavHeader(file)).samples, 4);
});

test('an aborted file is gone', async () => {
  const file = path.join(folder, 'aborted.wav');
  const writer = await createWavWriter(file, { rateHz: 44_100, channels: 1 });
  await writer.write([new Float32Array(10)]);
  await writer.abort();
  await writer.abort();
  await assert.rejects(open(file, 'r'), { code: 'ENOENT' });
});
