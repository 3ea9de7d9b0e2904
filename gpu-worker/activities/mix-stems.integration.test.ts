import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import type { DecodedRecording, PcmBlob } from '../../workflows/contract/recording.ts';
import type { StemPick } from '../../workflows/contract/request.ts';
import type { FinishedStem, FinishedStems } from '../../workflows/contract/stems.ts';
import { seededNumbers } from '../separators/tiny-models/seeded-numbers.ts';
import { createFinishBench } from './finish-bench.test-kit.ts';
import type { FinishBench } from './finish-bench.test-kit.ts';
import { createMixStems } from './mix-stems.ts';

const STEPS = 2 ** 23;
type Pick = Exclude<StemPick, { kind: 'all' }>;

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

interface Song {
  readonly recording: DecodedRecording;
  readonly finished: FinishedStems;
}

/** Three stems of noise that nearly add up to a recording on the grid, finished by the real activity. */
async function makeSong(name: string, samples: number, channels: number, gain: number): Promise<Song> {
  const parts = [1, 2, 3].map((stem) =>
    Array.from({ length: channels }, (_, channel) => seededNumbers(stem * 10 + channel, samples, 0.3 * gain)),
  );
  const rest = Array.from({ length: channels }, (_, channel) => seededNumbers(99 + channel, samples, 0.01 * gain));
  const mix = rest.map((left, channel) =>
    left.map((value, index) => {
      const sum = parts.reduce((total, part) => total + Number(part[channel]?.[index]), value);
      return Math.round(sum * STEPS) / STEPS;
    }),
  );
  const canonical = await bench.putWav(`${name}/mix.wav`, 44_100, mix);
  // Separators work on an even number of channels: mono comes doubled.
  const put = async (stem: string, part: Float32Array[] = []): Promise<PcmBlob> =>
    await bench.putWav(`${name}/${stem}.wav`, 44_100, channels === 1 ? [...part, ...part] : part);
  const stems = {
    vocals: await put('vocals', parts[0]),
    drums: await put('drums', parts[1]),
    bass: await put('bass', parts[2]),
  };
  const finished = await bench.run({ canonical, stems });
  const recording = { sha256: canonical.sha256, title: name, durationSeconds: 1, canonical, working: canonical };
  return { recording, finished };
}

async function mixOf(
  { recording, finished }: Song,
  pick: Pick,
  environment = new MockActivityEnvironment(),
): Promise<FinishedStem> {
  const { blobs, threads, folder, reports } = bench;
  const activity = createMixStems({
    blobs,
    threads,
    scratchDir: join(folder, 'scratch'),
    log: pino({ level: 'silent' }),
    async reportProgress(report) {
      await Promise.resolve();
      reports.push(report);
    },
  });
  return await environment.run(activity, { jobId: 'job', recording, finished, pick });
}

for (const channels of [1, 2, 6]) {
  test(`what is wanted and all but that are the recording, to the bit (${String(channels)} channels)`, async () => {
    const song = await makeSong(`exact-${String(channels)}`, 50_000, channels, 1);
    const original = await bench.readWav(song.recording.canonical.key);
    for (const stems of [['vocals'], ['drums', 'vocals'], ['vocals', 'drums', 'bass']]) {
      const want = await mixOf(song, { kind: 'want', stems });
      const minus = await mixOf(song, { kind: 'minus', stems });
      const [wanted, left] = [await bench.readWav(want.pcm.key), await bench.readWav(minus.pcm.key)];
      assert.equal(want.pcm.channels, channels);
      original.forEach((channel, index) => {
        const sum = channel.map((_, at) => Number(wanted[index]?.[at]) + Number(left[index]?.[at]));
        assert.deepEqual(sum, channel);
      });
      assert.ok(
        wanted[0]?.some((value) => Math.abs(value) > 0.2),
        'there is sound in it',
      );
      assert.ok(
        wanted.every((channel) => channel.every((value) => Number.isInteger(value * STEPS))),
        'on the grid',
      );
    }
    assert.deepEqual(await readdir(join(bench.folder, 'scratch')), []);
  });
}

test('all but some are the others and the residual, to half a step', async () => {
  const song = await makeSong('others', 20_000, 2, 1);
  const minus = await bench.readWav((await mixOf(song, { kind: 'minus', stems: ['drums'] })).pcm.key);
  const others = await Promise.all(
    [...song.finished.stems.filter(({ name }) => name !== 'drums'), song.finished.residual].map(({ pcm }) =>
      bench.readWav(pcm.key),
    ),
  );
  minus.forEach((channel, index) => {
    const furthest = channel.reduce((most, value, at) => {
      const sum = others.reduce((total, other) => total + Number(other[index]?.[at]), 0);
      return Math.max(most, Math.abs(value - sum));
    }, 0);
    assert.ok(furthest < 1 / STEPS, String(furthest * STEPS));
  });
});

test('one stem alone measures as it does among all', async () => {
  const song = await makeSong('alone', 60_000, 2, 1);
  const vocals = song.finished.stems.find(({ name }) => name === 'vocals');
  const mixed = await mixOf(song, { kind: 'want', stems: ['vocals'] });
  assert.equal(mixed.name, 'vocals');
  assert.ok(Math.abs(Number(mixed.loudnessLufs) - Number(vocals?.loudnessLufs)) < 0.001);
  assert.ok(Math.abs(Number(mixed.peakDbtp) - Number(vocals?.peakDbtp)) < 0.001);
  assert.ok(Math.abs(Number(mixed.gainDb) - Number(vocals?.gainDb)) < 0.001);
  assert.notEqual(mixed.waveform.key, vocals?.waveform.key);
});

test('of silence there is silence, and nothing to measure', async () => {
  const song = await makeSong('silence', 4410, 2, 0);
  const minus = await mixOf(song, { kind: 'minus', stems: ['vocals'] });
  assert.deepEqual([minus.loudnessLufs, minus.peakDbtp, minus.gainDb], [null, null, null]);
  assert.ok((await bench.readWav(minus.pcm.key)).every((channel) => channel.every((value) => value === 0)));
});

test('is computed once, in whatever order it is asked for again; other parts are another mix', async () => {
  const song = await makeSong('again', 5000, 2, 1);
  const first = await mixOf(song, { kind: 'want', stems: ['drums', 'vocals'] });
  assert.equal(first.name, 'drums+vocals');
  bench.written.length = 0;
  assert.deepEqual(await mixOf(song, { kind: 'want', stems: ['drums', 'vocals'] }), first);
  assert.deepEqual(bench.written, []);
  const turned = await mixOf(song, { kind: 'want', stems: ['vocals', 'drums', 'vocals'] });
  assert.deepEqual([turned.name, turned.pcm.sha256], ['vocals+drums', first.pcm.sha256]);
  const minus = await mixOf(song, { kind: 'minus', stems: ['drums', 'vocals'] });
  assert.equal(minus.name, 'minus-drums+vocals');
  assert.notEqual(minus.pcm.sha256, first.pcm.sha256);
});

test('refuses a stem that there is not', async () => {
  const song = await makeSong('unknown', 1000, 1, 1);
  await assert.rejects(mixOf(song, { kind: 'want', stems: ['kazoo'] }), (error: unknown) => {
    assert.ok(error instanceof ApplicationFailure);
    assert.deepEqual(
      [error.type, error.nonRetryable, error.details],
      ['unknown-stem', true, [{ known: 'vocals, drums, bass' }]],
    );
    return true;
  });
});

test('stops when it is cancelled and leaves nothing', async () => {
  const song = await makeSong('cancelled', 3_000_000, 2, 1);
  bench.written.length = 0;
  const environment = new MockActivityEnvironment();
  environment.once('heartbeat', () => environment.cancel());
  await assert.rejects(mixOf(song, { kind: 'want', stems: ['vocals', 'bass'] }, environment), (error: unknown) => {
    return error instanceof CancelledFailure;
  });
  assert.deepEqual(bench.written, []);
  assert.deepEqual(await readdir(join(bench.folder, 'scratch')), []);
});
