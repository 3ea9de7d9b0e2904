import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ComputeHeartbeat } from '../../workflows/contract/compute-activities.ts';
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import type { FinishedStems } from '../../workflows/contract/stems.ts';
import { createFinishBench, localMediaTools } from './finish-bench.test-kit.ts';
import type { FinishBench } from './finish-bench.test-kit.ts';

const STEPS = 2 ** 23;

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

function toGrid(samples: Float32Array): Float32Array {
  return samples.map((sample) => Math.round(sample * STEPS) / STEPS);
}

/** Deterministic noise between -1 and 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A recording on the grid, and two stems that nearly add up to it. */
function song(samples: number, channels: number, gain = 1): { mix: Float32Array[]; parts: Float32Array[][] } {
  const next = noise(samples + channels);
  const make = (scale: number): Float32Array[] =>
    Array.from({ length: channels }, (_, channel) =>
      Float32Array.from(
        { length: samples },
        (__, index) => scale * (0.6 * Math.sin(index * 0.0501 * (channel + 1) * scale) + 0.3 * next()),
      ),
    );
  const parts = [make(gain), make(0.7 * gain)];
  const mix = Array.from({ length: channels }, (_, channel) =>
    toGrid(
      Float32Array.from({ length: samples }, (__, index) => {
        return (parts[0]?.[channel]?.[index] ?? 0) + (parts[1]?.[channel]?.[index] ?? 0) + 0.01 * gain * next();
      }),
    ),
  );
  return { mix, parts };
}

async function putSong(
  name: string,
  { mix, parts }: { mix: Float32Array[]; parts: Float32Array[][] },
): Promise<{ canonical: PcmBlob; stems: Record<string, PcmBlob> }> {
  return {
    canonical: await bench.putWav(`${name}/mix.wav`, 44_100, mix),
    stems: {
      vocals: await bench.putWav(`${name}/vocals.wav`, 44_100, parts[0] as Float32Array[]),
      accompaniment: await bench.putWav(`${name}/accompaniment.wav`, 44_100, parts[1] as Float32Array[]),
    },
  };
}

/** Every sample of the recording is the rounded sum of stems and residual. */
async function assertSumsUp(finished: FinishedStems, canonical: PcmBlob): Promise<void> {
  const mix = await bench.readWav(canonical.key);
  const parts = await Promise.all([...finished.stems, finished.residual].map(({ pcm }) => bench.readWav(pcm.key)));
  for (const { pcm } of [...finished.stems, finished.residual]) {
    const { rateHz, channels, samples } = canonical;
    assert.deepEqual([pcm.rateHz, pcm.channels, pcm.samples], [rateHz, channels, samples]);
  }
  mix.forEach((channel, index) => {
    const wrong = channel.findIndex((sample, at) => {
      const sum = parts.reduce((total, part) => total + (part[index]?.[at] ?? NaN), 0);
      return Math.round(sum * STEPS) / STEPS !== sample;
    });
    assert.equal(wrong, -1);
  });
}

async function readText(key: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bench.blobs.read(key)) pieces.push(piece);
  return Buffer.concat(pieces).toString('latin1');
}

for (const channels of [2, 6]) {
  test(`stems that fit are kept as they are, and sum up with the residual (${String(channels)} channels)`, async () => {
    const { canonical, stems } = await putSong(`fit${String(channels)}`, song(100_001, channels));
    const finished = await bench.run({ canonical, stems });
    assert.deepEqual(
      finished.stems.map(({ name, pcm }) => [name, pcm]),
      Object.entries(stems),
    );
    await assertSumsUp(finished, canonical);
    assert.ok(finished.nullDepthDb !== null && finished.nullDepthDb > 35 && finished.nullDepthDb < 45);
    for (const { loudnessLufs, peakDbtp, gainDb, waveform } of [...finished.stems, finished.residual]) {
      assert.ok(loudnessLufs !== null && peakDbtp !== null);
      assert.equal(gainDb, Math.min(-14 - loudnessLufs, -1 - peakDbtp));
      assert.match(await readText(waveform.key), /^.PNG/u);
    }
    assert.deepEqual(await readdir(join(bench.folder, 'scratch')), []);
  });
}

test('the same song again is answered from what was stored; a lost file is made again', async () => {
  const { canonical, stems } = await putSong('again', song(60_000, 2));
  const first = await bench.run({ canonical, stems });
  bench.written.length = 0;
  const { vocals, accompaniment } = stems as { vocals: PcmBlob; accompaniment: PcmBlob };
  const again = await bench.run({ canonical, stems: { accompaniment, vocals } });
  assert.equal(bench.written.join(' '), '');
  assert.deepEqual(again.stems, first.stems.toReversed());
  assert.deepEqual(again.residual, first.residual);

  await bench.blobs.delete(first.residual.pcm.key);
  assert.deepEqual(await bench.run({ canonical, stems }), first);
  assert.ok(bench.written.includes(first.residual.pcm.key));
});

test('a target loudness of its own changes the gain and computes nothing again', async () => {
  const { canonical, stems } = await putSong('target', song(60_000, 2, 0.01));
  const usual = await bench.run({ canonical, stems });
  bench.written.length = 0;
  const quieter = await bench.run({ canonical, stems, deps: { targetLoudnessLufs: -23 } });
  assert.equal(bench.written.join(' '), '');
  usual.stems.forEach(({ gainDb, loudnessLufs }, index) => {
    assert.equal(gainDb, -14 - (loudnessLufs ?? NaN));
    assert.equal(quieter.stems[index]?.gainDb, -23 - (loudnessLufs ?? NaN));
  });
});

test('a mono recording gets the mean of each doubled pair', async () => {
  const { mix, parts } = song(50_000, 1);
  const canonical = await bench.putWav('mono/mix.wav', 44_100, mix);
  const [voice, rest] = parts as [[Float32Array], [Float32Array]];
  const tilted = voice[0].map((sample) => sample * 0.5);
  const finished = await bench.run({
    canonical,
    stems: {
      vocals: await bench.putWav('mono/vocals.wav', 44_100, [voice[0], tilted]),
      other: await bench.putWav('mono/other.wav', 44_100, [rest[0], rest[0]]),
    },
  });
  await assertSumsUp(finished, canonical);
  const [vocals] = await bench.readWav(finished.stems[0]?.pcm.key ?? '');
  assert.deepEqual(
    vocals,
    voice[0].map((sample, index) => (sample + (tilted[index] as number)) / 2),
  );
});

test('beyond full scale a stem gives its last bits, so that the sum is exact even there', async () => {
  const { canonical, stems } = await putSong('loud', song(30_000, 2, 8));
  // Half the recording is missing from the stems, so the residual itself is beyond full scale.
  const { vocals } = stems as { vocals: PcmBlob };
  const finished = await bench.run({ canonical, stems: { vocals } });
  await assertSumsUp(finished, canonical);
  const [original, given] = await Promise.all(
    [vocals.key, finished.stems[0]?.pcm.key ?? ''].map((key) => bench.readWav(key)),
  );
  let changed = 0;
  original?.forEach((channel, index) => {
    channel.forEach((sample, at) => {
      const difference = Math.abs(sample - (given?.[index]?.[at] ?? NaN));
      assert.ok(difference < 2 ** -19 || Math.abs(sample) > 1.9);
      if (difference > 0) changed += 1;
    });
  });
  assert.ok(changed > 0);
});

test('silence has no loudness, no peak and no gain, and stays silent', async () => {
  const silence = [new Float32Array(30_000), new Float32Array(30_000)];
  const { canonical, stems } = await putSong('silence', { mix: silence, parts: [silence, silence] });
  const finished = await bench.run({ canonical, stems });
  assert.equal(finished.nullDepthDb, null);
  for (const { loudnessLufs, peakDbtp, gainDb, pcm } of [...finished.stems, finished.residual]) {
    assert.deepEqual([loudnessLufs, peakDbtp, gainDb], [null, null, null]);
    for (const channel of await bench.readWav(pcm.key)) assert.ok(channel.every((sample) => Object.is(sample, 0)));
  }
});

/** One second of short tones, one at the very start and one close to the end: they show a shift of a fraction of a sample. */
function pulses(rateHz: number, frequencyHz: number): Float32Array {
  const spreadSeconds = 2 / frequencyHz;
  return Float32Array.from({ length: rateHz }, (_, index) =>
    [0.05, 0.5, 0.95].reduce((sum, centre) => {
      const seconds = index / rateHz - centre;
      return sum + 0.8 * Math.exp(-((seconds / spreadSeconds) ** 2)) * Math.cos(2 * Math.PI * frequencyHz * seconds);
    }, 0),
  );
}

for (const [rateHz, channels] of [
  [48_000, 2],
  [48_000, 1],
  [96_000, 2],
  [32_000, 2],
  [22_050, 1],
  [8000, 2],
] as const) {
  test(`stems go back to ${String(rateHz)} Hz (${String(channels)}) in place, to the sample`, async (t) => {
    if (localMediaTools() === null) return t.skip('no ffmpeg on the PATH');
    const frequencyHz = Math.min(3000, rateHz / 8);
    const wanted = pulses(rateHz, frequencyHz);
    const name = `rate${String(rateHz)}-${String(channels)}`;
    const mix = Array.from({ length: channels }, () => toGrid(wanted));
    const canonical = await bench.putWav(`${name}/mix.wav`, rateHz, mix);
    // The same sound at the separator's rate: sampled anew, not resampled.
    const source = pulses(44_100, frequencyHz);
    const stems = { vocals: await bench.putWav(`${name}/vocals.wav`, 44_100, [source, source]) };
    const finished = await bench.run({ canonical, stems });
    await assertSumsUp(finished, canonical);
    const [found] = await bench.readWav(finished.stems[0]?.pcm.key ?? '');
    let error = 0;
    let energy = 0;
    wanted.forEach((sample, index) => {
      error += (sample - (found?.[index] ?? NaN)) ** 2;
      energy += sample * sample;
    });
    const snrDb = 10 * Math.log10(energy / error);
    assert.ok(snrDb > 90, `${String(snrDb)} dB`);
    assert.ok(finished.nullDepthDb !== null && finished.nullDepthDb > 90);
  });
}

test('heartbeats and reports only rise, and end at 1', async () => {
  const environment = new MockActivityEnvironment();
  const beats: ComputeHeartbeat[] = [];
  environment.on('heartbeat', (details: ComputeHeartbeat) => beats.push(details));
  const { canonical, stems } = await putSong('progress', song(400_000, 2));
  await bench.run({ canonical, stems, environment });
  for (const fractions of [beats.map(({ fraction }) => fraction), bench.reports.map(({ fraction }) => fraction)]) {
    assert.ok(fractions.length > 3);
    assert.deepEqual(
      fractions,
      fractions.toSorted((one, other) => one - other),
    );
    assert.equal(fractions.at(-1), 1);
  }
  assert.ok(bench.reports.every(({ stage }) => stage === 'measure'));
});

test('cancelled in the middle, it stops, stores nothing and leaves no temporary file', async () => {
  const environment = new MockActivityEnvironment();
  const { canonical, stems } = await putSong('cancel', song(600_000, 2));
  bench.written.length = 0;
  environment.on('heartbeat', () => environment.cancel('CANCELLED'));
  await assert.rejects(bench.run({ canonical, stems, environment }), CancelledFailure);
  assert.equal(bench.written.join(' '), '');
  assert.deepEqual(await readdir(join(bench.folder, 'scratch')), []);
});

test('a stem that is no sound is an error, and so are two of one name or a stray number of channels', async () => {
  const { mix, parts } = song(20_000, 2);
  const broken = parts[0]?.map((channel) => channel.with(777, NaN)) as Float32Array[];
  const { canonical, stems } = await putSong('broken', { mix, parts: [broken, parts[1] as Float32Array[]] });
  await assert.rejects(bench.run({ canonical, stems }), { name: 'BrokenStemError' });
  const { accompaniment } = stems as { accompaniment: PcmBlob };
  await assert.rejects(bench.run({ canonical, stems: { residual: accompaniment } }), RangeError);
  const four = await bench.putWav('broken/four.wav', 44_100, [...mix, ...mix]);
  await assert.rejects(bench.run({ canonical, stems: { four } }), RangeError);
  assert.deepEqual(await readdir(join(bench.folder, 'scratch')), []);
});
